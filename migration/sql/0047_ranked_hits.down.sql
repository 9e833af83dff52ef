DROP FUNCTION search_distance(text, tsquery, tsquery, tsquery, text, tsvector);
CREATE FUNCTION search_distance(typed text, names text, words tsvector) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN all_names[1] = given THEN 0
    WHEN given = ANY (all_names) THEN 50
    WHEN in_names @@ plainto_tsquery('simple', given) THEN 100 + unlike
    WHEN words @@ plainto_tsquery('simple', given) OR words @@ plainto_tsquery('english', given) THEN 300 + unlike
    WHEN in_names @@ prefix_query(given) THEN 500 + unlike
    WHEN words @@ prefix_query(given) THEN 700 + unlike
    ELSE 900 + unlike + round(100 * (1 - word_similarity(given, names)))::integer END
  FROM
    (SELECT searchable(typed), string_to_array(names, ' | '), to_tsvector('simple', names)) AS q (given, all_names, in_names),
    LATERAL (SELECT round(100 * (1 - coalesce(max(similarity(given, name)), 0)))::integer FROM unnest(all_names) AS name)
      AS distance (unlike)
$$;
