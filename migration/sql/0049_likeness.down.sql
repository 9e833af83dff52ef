CREATE OR REPLACE FUNCTION search_distance(
  given text, as_typed tsquery, in_english tsquery, begun tsquery, names text, words tsvector) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  alike real;
  unlike integer;
  in_names tsvector;
BEGIN
  IF names = given OR starts_with(names, given || ' | ') THEN
    RETURN 0;
  ELSIF strpos(names, ' | ') = 0 THEN
    alike := similarity(given, names);
  ELSIF given = ANY (string_to_array(names, ' | ')) THEN
    RETURN 50;
  ELSE
    SELECT max(similarity(given, name)) INTO alike FROM unnest(string_to_array(names, ' | ')) AS name;
  END IF;
  unlike := round(100 * (1 - alike))::integer;
  in_names := ts_filter(words, '{a}');
  RETURN unlike + CASE
    WHEN in_names @@ as_typed THEN 100
    WHEN words @@ as_typed OR words @@ in_english THEN 300
    WHEN in_names @@ begun THEN 500
    WHEN words @@ begun THEN 700
    ELSE 900 + round(100 * (1 - word_similarity(given, names)))::integer END;
END
$$;

DROP FUNCTION is_like(text, text);

CREATE FUNCTION is_like(typed text, names text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT bool_and(
    position(wanted IN regexp_replace(names, '([[:alnum:]])[[:alnum:]]* ?', '\1', 'g')) > 0
    OR EXISTS (
      SELECT FROM regexp_split_to_table(names, '[ |]+') AS word
      WHERE starts_with(word, wanted) OR is_typo(wanted, word)))
  FROM regexp_split_to_table(searchable(typed), ' ') AS wanted
$$;
