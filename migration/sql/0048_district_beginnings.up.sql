-- Districts are found as people are (0046): by each beginning of each word of their names and other spellings, and of the city.
CREATE TABLE district_beginning (
  beginning text COLLATE "C" NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  district_id uuid NOT NULL,
  CONSTRAINT district_beginning_pkey PRIMARY KEY (beginning, sort_name, district_id)
);

CREATE FUNCTION keep_district_beginnings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM district_beginning
    WHERE beginning IN (SELECT beginnings(OLD.search_vector)) AND sort_name = OLD.sort_name AND district_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO district_beginning (beginning, sort_name, district_id)
    SELECT beginning, NEW.sort_name, NEW.id FROM beginnings(NEW.search_vector) AS beginning;
  END IF;
  RETURN NULL;
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_district_beginnings() SET search_path = %s, pg_temp',
    current_setting('search_path'));
END
$$;
REVOKE ALL ON FUNCTION keep_district_beginnings() FROM PUBLIC;

CREATE TRIGGER district_beginnings AFTER INSERT OR DELETE ON district
  FOR EACH ROW EXECUTE FUNCTION keep_district_beginnings();
CREATE TRIGGER district_new_beginnings AFTER UPDATE ON district
  FOR EACH ROW
  WHEN ((OLD.name, OLD.alternate_names, OLD.city) IS DISTINCT FROM (NEW.name, NEW.alternate_names, NEW.city))
  EXECUTE FUNCTION keep_district_beginnings();

INSERT INTO district_beginning (beginning, sort_name, district_id)
SELECT beginning, sort_name, id FROM district, beginnings(search_vector) AS beginning ORDER BY 1, 2, 3;
