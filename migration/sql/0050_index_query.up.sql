-- What the index of words is asked for a search: the words of three letters or more, if any were typed, each as a prefix. It goes
-- through every word that begins like a typed one, and with a letter or two (a middle initial) that is a tenth of a table; what has the
-- longer words is held against the whole of `prefix_query` instead. NULL where there is no word.
CREATE FUNCTION index_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(
    (SELECT to_tsquery('simple', string_agg(word || ':*', ' & '))
     FROM regexp_split_to_table(searchable(typed), ' ') AS word WHERE char_length(word) >= 3),
    prefix_query(typed))
$$;
