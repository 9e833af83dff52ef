-- What people are found by: each beginning of each word of their names, in the order of names. What whoever types a letter or two
-- finds grows with all that there is; the first of them stand together here, and none but those are looked at. Nobody writes
-- it but the person's row itself.
CREATE TABLE person_beginning (
  beginning text COLLATE "C" NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  person_id uuid NOT NULL,
  CONSTRAINT person_beginning_pkey PRIMARY KEY (beginning, sort_name, person_id)
);

-- The beginnings of words, up to twenty letters each: whoever has typed more finds few.
CREATE FUNCTION beginnings(words tsvector) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT DISTINCT left(word, letters)
  FROM unnest(tsvector_to_array(words)) AS word, generate_series(1, least(char_length(word), 20)) AS letters
$$;

-- What stood there stood as the row was: so it is taken away by what the row was, and needs no index of people.
CREATE FUNCTION keep_beginnings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM person_beginning
    WHERE beginning IN (SELECT beginnings(OLD.search_vector)) AND sort_name = OLD.sort_name AND person_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO person_beginning (beginning, sort_name, person_id)
    SELECT beginning, NEW.sort_name, NEW.id FROM beginnings(NEW.search_vector) AS beginning;
  END IF;
  RETURN NULL;
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_beginnings() SET search_path = %s, pg_temp', current_setting('search_path'));
END
$$;
REVOKE ALL ON FUNCTION keep_beginnings() FROM PUBLIC;

CREATE TRIGGER person_beginnings AFTER INSERT OR DELETE ON person
  FOR EACH ROW EXECUTE FUNCTION keep_beginnings();
CREATE TRIGGER person_new_beginnings AFTER UPDATE ON person
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION keep_beginnings();

INSERT INTO person_beginning (beginning, sort_name, person_id)
SELECT beginning, sort_name, id FROM person, beginnings(search_vector) AS beginning ORDER BY 1, 2, 3;
