-- What a search is for, made of the typed words at a fraction of the cost: the function is one expression, which the
-- database writes into the statement. Words are told apart by one space each (`searchable`).
CREATE OR REPLACE FUNCTION prefix_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsquery('simple', replace(nullif(searchable(typed), ''), ' ', ':* & ') || ':*')
$$;
