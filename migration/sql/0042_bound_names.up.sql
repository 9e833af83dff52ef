-- What columns are computed by names what it calls once and for all, like fold() does. As a text it looked that up wherever it
-- was run: a dump is restored without a search path, and there it found nothing.
CREATE OR REPLACE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(fold(value), '[^[:alnum:]]+', ' ', 'g'));

CREATE OR REPLACE FUNCTION searchable(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT coalesce(string_agg(searchable(name), ' | ' ORDER BY place), '')
  FROM unnest(names) WITH ORDINALITY AS given (name, place) WHERE name IS NOT NULL);
