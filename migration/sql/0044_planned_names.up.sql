-- The words of several names, as before, planned once for each connection: as a function in SQL it was planned anew for every row
-- that was written, twice, which took longer than all else about the row. A text is looked up wherever it is run, and a dump is
-- restored without a search path: so what it calls is named with its schema.
DO $$
BEGIN
  EXECUTE format($function$
    CREATE OR REPLACE FUNCTION searchable(names text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
    BEGIN
      RETURN (
        SELECT coalesce(string_agg(%I.searchable(name), ' | ' ORDER BY place), '')
        FROM unnest(names) WITH ORDINALITY AS given (name, place) WHERE name IS NOT NULL);
    END
    $body$
  $function$, current_schema());
END
$$;
