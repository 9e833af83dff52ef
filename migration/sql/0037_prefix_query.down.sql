CREATE OR REPLACE FUNCTION prefix_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsquery('simple', string_agg(word || ':*', ' & '))
  FROM regexp_split_to_table(searchable(typed), ' ') AS word
  WHERE word <> ''
$$;
