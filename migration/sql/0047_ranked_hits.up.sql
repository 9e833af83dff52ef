-- How far a hit is from what was typed, as before, at a fifth of the cost: what follows from what was typed alone is made once and
-- given, and not for each row; the words of the names are those that stand in the row with the weight of names; and the
-- function is planned once for each connection.
DROP FUNCTION search_distance(text, text, tsvector);

-- 0 for the very name, more the less of it is there, and the less it is like any of the names. `given` is what was typed,
-- folded; then all of its words as they are, in their English forms, and as beginnings. `names` and `words` are the two search
-- columns of a table.
CREATE FUNCTION search_distance(
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
