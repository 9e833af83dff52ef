-- Two rows that turned out to be one: what the merge did, so that it can be undone.
CREATE TABLE merge (
  id uuid CONSTRAINT merge_pkey PRIMARY KEY,
  table_name text NOT NULL CONSTRAINT merge_table_known CHECK (table_name IN ('organization', 'district', 'person')),
  kept_id uuid NOT NULL,
  gone_id uuid NOT NULL,
  gone_name title NOT NULL,
  -- NULL once the person was erased.
  gone_slug slug,
  -- The row itself; NULL once the merge was undone or the person was erased.
  gone jsonb,
  -- References that have led to the kept row since: [{"table", "column", "keys"}].
  moved jsonb NOT NULL DEFAULT '[]',
  -- Rows that would have said what another says: [{"table", "row", "twin"}], each whole, with the key of the other.
  dropped jsonb NOT NULL DEFAULT '[]',
  -- What rows lacked and were given: [{"table", "key", "was", "now"}], only the columns that changed.
  filled jsonb NOT NULL DEFAULT '[]',
  reason text CONSTRAINT merge_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
  merged_at timestamptz NOT NULL,
  undone_at timestamptz,
  -- The transactions that did and undid it, by which history knows them.
  merged_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  undone_in xid8,
  CONSTRAINT merge_of_two CHECK (kept_id <> gone_id)
);
CREATE UNIQUE INDEX merge_gone_once ON merge (gone_id) WHERE undone_at IS NULL;
CREATE INDEX merge_kept_idx ON merge (kept_id, merged_at, id);

-- What a row was known by that became part of another, and that other. Old addresses go on leading somewhere.
CREATE TABLE alias (
  old_id uuid CONSTRAINT alias_pkey PRIMARY KEY,
  table_name text NOT NULL CONSTRAINT alias_table_known CHECK (table_name IN ('organization', 'district', 'person')),
  -- NULL once the person was erased.
  old_slug slug,
  target_id uuid NOT NULL,
  merge_id uuid NOT NULL CONSTRAINT alias_merge_fkey REFERENCES merge,
  CONSTRAINT alias_slug_once UNIQUE (table_name, old_slug)
);
CREATE INDEX alias_target_idx ON alias (target_id);
CREATE INDEX alias_merge_idx ON alias (merge_id);

-- An address that leads somewhere is not given to another. Asked after the row is in its place, so that whoever waited
-- for a merge to end is told of what it left behind.
CREATE FUNCTION refuse_old_slug() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM alias WHERE table_name = TG_TABLE_NAME AND old_slug = NEW.slug) THEN
    RAISE unique_violation USING CONSTRAINT = TG_TABLE_NAME || '_slug_key', MESSAGE = 'the slug leads to another row';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER organization_slug_new AFTER INSERT OR UPDATE OF slug ON organization
  FOR EACH ROW EXECUTE FUNCTION refuse_old_slug();
CREATE TRIGGER district_slug_new AFTER INSERT OR UPDATE OF slug ON district
  FOR EACH ROW EXECUTE FUNCTION refuse_old_slug();
CREATE TRIGGER person_slug_new AFTER INSERT OR UPDATE OF slug ON person
  FOR EACH ROW EXECUTE FUNCTION refuse_old_slug();

-- The column that tells the rows of a table apart; NULL where it takes more than one.
CREATE FUNCTION key_column(of_table regclass) RETURNS name
LANGUAGE sql STABLE AS $$
  SELECT attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
  WHERE conrelid = of_table AND contype = 'p' AND cardinality(conkey) = 1
$$;

-- The columns of other tables that refer to a table's rows: the catalog knows them all, those of later steps too.
CREATE FUNCTION references_to(referred regclass) RETURNS TABLE (from_table regclass, from_column name)
LANGUAGE sql STABLE AS $$
  SELECT conrelid::regclass, attname
  FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid
      AND attnum = conkey[array_position(confkey, (
        SELECT attnum FROM pg_attribute WHERE attrelid = referred AND attname = key_column(referred)))]
  WHERE contype = 'f' AND confrelid = referred
  ORDER BY conrelid::regclass::text, attname
$$;

-- A row as text says it, put into its table. What the database computes is computed again.
CREATE FUNCTION insert_row(of_table regclass, row_data jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  columns text := (
    SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND row_data ? attname);
BEGIN
  EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1)', of_table, columns)
  USING row_data;
END
$$;

-- Some columns of a row set to what text says.
CREATE FUNCTION set_columns(of_table regclass, key uuid, given jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  columns text := (
    SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND given ? attname);
BEGIN
  IF columns IS NOT NULL THEN
    EXECUTE format('UPDATE %1$s AS t SET (%2$s) = (SELECT %2$s FROM jsonb_populate_record(t, $2) AS given) WHERE t.%3$I = $1',
      of_table, columns, key_column(of_table)) USING key, given;
  END IF;
END
$$;

-- A row as text; NULL where there is none.
CREATE FUNCTION row_of(of_table regclass, key uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE found_row jsonb;
BEGIN
  EXECUTE format('SELECT to_jsonb(t) FROM %s AS t WHERE %I = $1', of_table, key_column(of_table)) INTO found_row USING key;
  RETURN found_row;
END
$$;

-- The next version of a row that is changed now, where its table counts versions.
CREATE FUNCTION next_version(row_data jsonb, at timestamptz) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN row_data ? 'version'
    THEN jsonb_build_object('version', (row_data ->> 'version')::integer + 1, 'updated_at', at) ELSE '{}' END
$$;

-- The statement that lets a column of some rows lead from $1 to $2; $3 are the rows' keys.
CREATE FUNCTION move_statement(of_table regclass, of_column name, at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT format('UPDATE %1$s SET %2$I = $2%4$s WHERE %3$I = ANY ($3) AND %2$I = $1', of_table, of_column,
    key_column(of_table), (
      SELECT string_agg(CASE attname WHEN 'version' THEN ', version = version + 1' ELSE format(', updated_at = %L', at) END, '')
      FROM pg_attribute WHERE attrelid = of_table AND NOT attisdropped AND attname IN ('version', 'updated_at')))
$$;

-- Of two lists: what only the first has, in its order.
CREATE FUNCTION list_without(list jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_agg(item ORDER BY place), '[]') FROM jsonb_array_elements(list) WITH ORDINALITY AS given (item, place)
  WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(other) AS known WHERE known = item)
$$;

-- What a row lacks that another has: columns that hold nothing, and items of lists. Who entered a row is not one of its
-- facts: whoever did may change it.
CREATE FUNCTION lacking(row_data jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(row_data -> key)
    WHEN 'array' THEN row_data -> key || list_without(value, row_data -> key) ELSE value END), '{}')
  FROM jsonb_each(other - 'entered_by')
  WHERE value <> 'null' AND CASE jsonb_typeof(row_data -> key) WHEN 'null' THEN true
    WHEN 'array' THEN list_without(value, row_data -> key) <> '[]' ELSE false END
$$;

-- Gives a row other values in some columns: what changed, as a merge notes it.
CREATE FUNCTION fill_in(of_table regclass, row_data jsonb, given jsonb, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE key uuid := row_data ->> key_column(of_table)::text;
BEGIN
  PERFORM set_columns(of_table, key, next_version(row_data, at) || given);
  RETURN jsonb_build_object('table', of_table::text, 'key', key, 'now', given, 'was',
    (SELECT coalesce(jsonb_object_agg(name, row_data -> name), '{}') FROM jsonb_object_keys(given) AS name));
END
$$;

-- Takes away a row that a rule of its table refuses once `moved` is changed in it, because it would say what its twin
-- says. Facts that only it states are given to the twin.
CREATE FUNCTION drop_twin(of_table regclass, key uuid, moved jsonb, rule text, at timestamptz,
  OUT dropped jsonb, OUT filled jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := row_of(of_table, key);
  key_name text := key_column(of_table);
  twin jsonb;
  columns text;
  applies text;
BEGIN
  SELECT coalesce(pg_get_expr(indpred, indrelid), 'true'), (
    SELECT string_agg(pg_get_indexdef(indexrelid, place, true), ', ' ORDER BY place)
    FROM generate_series(1, indnkeyatts) AS place)
  INTO STRICT applies, columns FROM pg_index WHERE indexrelid = rule::regclass;
  EXECUTE format('DELETE FROM %s WHERE %I = $1', of_table, key_name) USING key;
  EXECUTE format('SELECT to_jsonb(t) FROM %1$s AS t WHERE (%2$s) AND (SELECT ROW(%3$s) FROM (SELECT t.*) AS one)
    = (SELECT ROW(%3$s) FROM jsonb_populate_record(NULL::%1$s, $1) AS one)', of_table, applies, columns)
  INTO STRICT twin USING was || moved;
  dropped := jsonb_build_object('table', of_table::text, 'row', was, 'twin', twin -> key_name);
  -- Only what states facts takes over what it lacks: a grant that never ends has no end that it lacks.
  IF (was ? 'sources' OR moved ? key_name) AND lacking(twin, was) <> '{}' THEN
    filled := fill_in(of_table, twin, lacking(twin, was), at);
  END IF;
END
$$;

-- Lets every reference to a row lead to another: what was moved, and what was dropped and filled in because both had
-- it. Rows that others refer to are not dropped: each has a life of its own, and the rule that refuses two of them
-- refuses the merge.
CREATE FUNCTION move_references(referred regclass, gone uuid, kept uuid, at timestamptz,
  OUT moved jsonb, OUT dropped jsonb, OUT filled jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  reference record;
  move text;
  keys uuid[];
  key uuid;
  rule text;
  twin record;
BEGIN
  moved := '[]'; dropped := '[]'; filled := '[]';
  FOR reference IN SELECT from_table, from_column, key_column(from_table) AS key_name FROM references_to(referred) LOOP
    IF reference.key_name IS NULL THEN
      RAISE feature_not_supported USING MESSAGE = format('rows of %s have no single key to note', reference.from_table);
    END IF;
    move := move_statement(reference.from_table, reference.from_column, at);
    EXECUTE format('SELECT coalesce(array_agg(%I ORDER BY 1), ''{}'') FROM %s WHERE %I = $1',
      reference.key_name, reference.from_table, reference.from_column) INTO keys USING gone;
    BEGIN
      EXECUTE move USING gone, kept, keys;
    EXCEPTION WHEN unique_violation THEN
      -- One of them collides: one by one.
      FOREACH key IN ARRAY keys LOOP
        BEGIN
          EXECUTE move USING gone, kept, ARRAY[key];
        EXCEPTION WHEN unique_violation THEN
          GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
          IF EXISTS (SELECT FROM references_to(reference.from_table)) THEN RAISE; END IF;
          twin := drop_twin(reference.from_table, key, jsonb_build_object(reference.from_column, kept), rule, at);
          keys := array_remove(keys, key);
          dropped := dropped || twin.dropped;
          filled := filled || coalesce(twin.filled, '[]');
        END;
      END LOOP;
    END;
    IF cardinality(keys) > 0 THEN
      -- Where the reference is the key, it is the new one that leads to the row from now on.
      moved := moved || jsonb_build_object('table', reference.from_table::text, 'column', reference.from_column,
        'keys', CASE WHEN reference.from_column = reference.key_name THEN ARRAY[kept] ELSE keys END);
    END IF;
  END LOOP;
END
$$;

-- The names that a row has after a merge. A name that the initiative's record uses stays the name; the others are
-- found by.
CREATE FUNCTION names_of_both(kept_row jsonb, gone_row jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  by_record boolean := (gone_row ->> 'named_by_record')::boolean AND NOT (kept_row ->> 'named_by_record')::boolean;
  named jsonb := CASE WHEN by_record THEN jsonb_build_object('name', gone_row -> 'name', 'named_by_record', true) ELSE '{}' END;
  others jsonb := (kept_row -> 'alternate_names') || (gone_row -> 'alternate_names')
    || jsonb_build_array(kept_row -> 'name', gone_row -> 'name');
BEGIN
  IF kept_row -> 'alternate_names' IS NULL THEN RETURN '{}'; END IF;
  IF kept_row ->> 'acronym' IS NOT NULL AND gone_row ->> 'acronym' IS NOT NULL THEN
    others := others || (gone_row -> 'acronym');
  END IF;
  RETURN named || jsonb_build_object('alternate_names', (
    SELECT coalesce(jsonb_agg(name ORDER BY place), '[]')
    FROM (SELECT name, min(place) FROM jsonb_array_elements(others) WITH ORDINALITY AS given (name, place) GROUP BY name)
      AS each_once (name, place)
    WHERE name <> (kept_row || named) -> 'name'));
END
$$;

-- Makes one row of two: every reference to the one leads to the other, which gets what it lacks and what the one was
-- known by; the one is gone, and its id and slug go on leading to what it has become.
CREATE FUNCTION merge_rows(merge_id uuid, of_table text, gone uuid, kept uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  rows_of regclass := of_table::regclass;
  gone_row jsonb;
  kept_row jsonb;
  noted record;
  candidates jsonb := '[]';
  followed uuid[];
  given jsonb;
BEGIN
  EXECUTE format('SELECT FROM %s WHERE id IN ($1, $2) ORDER BY id FOR UPDATE', rows_of) USING gone, kept;
  gone_row := row_of(rows_of, gone);
  kept_row := row_of(rows_of, kept);
  IF of_table = 'district' AND kept_row ->> 'status' <> 'unresolved' THEN
    -- What it may have been: somebody has decided.
    WITH decided AS (DELETE FROM district_candidate WHERE district_id = gone RETURNING *)
    SELECT coalesce(jsonb_agg(jsonb_build_object('table', 'district_candidate', 'row', to_jsonb(decided))), '[]')
    INTO candidates FROM decided;
  END IF;
  noted := move_references(rows_of, gone, kept, at);
  WITH led AS (UPDATE alias SET target_id = kept WHERE target_id = gone RETURNING old_id)
  SELECT array_agg(old_id) INTO followed FROM led;
  IF followed IS NOT NULL THEN
    noted.moved := noted.moved || jsonb_build_object('table', 'alias', 'column', 'target_id', 'keys', followed);
  END IF;
  -- It goes before the other gets its acronym and the like, which are unique.
  EXECUTE format('DELETE FROM %s WHERE id = $1', rows_of) USING gone;
  given := lacking(kept_row, gone_row) || names_of_both(kept_row, gone_row);
  -- Whoever has read either of the two has read an older version.
  kept_row := kept_row || jsonb_build_object('version', greatest((kept_row -> 'version')::integer, (gone_row -> 'version')::integer));
  noted.filled := noted.filled || fill_in(rows_of, kept_row, given, at);
  -- Whoever entered the one of two people is not to reach the other by it.
  IF of_table = 'person' AND kept_row ->> 'entered_by' IS DISTINCT FROM gone_row ->> 'entered_by' THEN
    UPDATE person SET entered_by = NULL WHERE id = kept AND entered_by IS NOT NULL;
  END IF;
  INSERT INTO merge (id, table_name, kept_id, gone_id, gone_name, gone_slug, gone, moved, dropped, filled, reason, merged_at)
  VALUES (merge_id, of_table, kept, gone, gone_row ->> 'name', gone_row ->> 'slug', gone_row, noted.moved,
    candidates || noted.dropped, noted.filled, nullif(current_setting('lmi.reason', true), ''), at);
  INSERT INTO alias (old_id, table_name, old_slug, target_id, merge_id)
  VALUES (gone, of_table, gone_row ->> 'slug', kept, merge_id);
END
$$;

-- What a row holds once what a merge gave it is taken back. What was changed since stays.
CREATE FUNCTION taken_back(row_data jsonb, was jsonb, given jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(key, CASE
    WHEN row_data -> key = value THEN was -> key
    WHEN jsonb_typeof(row_data -> key) = 'array' THEN list_without(row_data -> key, list_without(value, was -> key))
    ELSE row_data -> key END), '{}')
  FROM jsonb_each(given)
$$;

-- What of a dropped row comes back as revoked: what was revoked of its twin meanwhile is not given back.
CREATE FUNCTION still_revoked(note jsonb, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE twin jsonb;
BEGIN
  IF note -> 'row' -> 'revoked_at' IS DISTINCT FROM 'null' THEN RETURN '{}'; END IF;
  twin := row_of((note ->> 'table')::regclass, (note ->> 'twin')::uuid);
  RETURN jsonb_build_object('revoked_at', CASE WHEN twin IS NULL THEN to_jsonb(at) ELSE twin -> 'revoked_at' END);
END
$$;

-- Makes two rows again of what a merge made one. References that were changed since stay as they are.
CREATE FUNCTION undo_merge(undone uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  merged merge;
  rows_of regclass;
  kept_row jsonb;
  note jsonb;
  current_row jsonb;
BEGIN
  SELECT * INTO STRICT merged FROM merge WHERE id = undone FOR UPDATE;
  rows_of := merged.table_name::regclass;
  kept_row := row_of(rows_of, merged.kept_id);
  FOR note IN SELECT value FROM jsonb_array_elements(merged.filled) LOOP
    current_row := row_of((note ->> 'table')::regclass, (note ->> 'key')::uuid);
    PERFORM fill_in((note ->> 'table')::regclass, current_row, taken_back(current_row, note -> 'was', note -> 'now'), at)
    WHERE current_row IS NOT NULL;
  END LOOP;
  DELETE FROM alias WHERE merge_id = undone;
  kept_row := kept_row || jsonb_build_object('version', greatest((kept_row -> 'version')::integer, (merged.gone -> 'version')::integer));
  PERFORM insert_row(rows_of, merged.gone || next_version(kept_row, at));
  FOR note IN SELECT value FROM jsonb_array_elements(merged.moved) LOOP
    EXECUTE move_statement((note ->> 'table')::regclass, (note ->> 'column')::name, at)
    USING merged.kept_id, merged.gone_id, ARRAY(SELECT jsonb_array_elements_text(note -> 'keys')::uuid);
  END LOOP;
  FOR note IN SELECT value FROM jsonb_array_elements(merged.dropped) LOOP
    PERFORM insert_row((note ->> 'table')::regclass, note -> 'row' || still_revoked(note, at));
  END LOOP;
  -- That it was done is remembered, and nothing more of it is needed.
  UPDATE merge SET undone_at = at, undone_in = pg_current_xact_id(), gone = NULL, moved = '[]', dropped = '[]', filled = '[]' WHERE id = undone;
END
$$;
