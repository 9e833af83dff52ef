CREATE OR REPLACE FUNCTION searchable(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT coalesce(string_agg(searchable(name), ' | ' ORDER BY place), '')
  FROM unnest(names) WITH ORDINALITY AS given (name, place) WHERE name IS NOT NULL);
