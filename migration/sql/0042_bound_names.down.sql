CREATE OR REPLACE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(fold(value), '[^[:alnum:]]+', ' ', 'g'))
$$;
CREATE OR REPLACE FUNCTION searchable(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(searchable(name), ' | ' ORDER BY place), '')
  FROM unnest(names) WITH ORDINALITY AS given (name, place) WHERE name IS NOT NULL
$$;
