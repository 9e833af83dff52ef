DROP FUNCTION index_query(text);
