-- Releases of agendas. An agenda is worked on in the tables of step 7; what of it everybody reads is its last release,
-- which stands in their twins below, in the same columns and under the same keys. Each release also keeps what the
-- agenda told, for good: that is what two of them are compared by.
CREATE TABLE agenda_release (
  id uuid CONSTRAINT agenda_release_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT agenda_release_convening_fkey REFERENCES convening,
  number integer NOT NULL CONSTRAINT agenda_release_number_range CHECK (number > 0),
  released_at timestamptz NOT NULL,
  note text CONSTRAINT agenda_release_note_length CHECK (char_length(note) BETWEEN 1 AND 2000),
  -- What the agenda told: for each table, its rows by key, with what people read of them.
  content jsonb NOT NULL,
  CONSTRAINT agenda_release_once UNIQUE (convening_id, number)
);

-- What was released stays as it was. An erasure alone gets past this, as it does with history.
CREATE FUNCTION refuse_another_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('lmi.erasing', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'a release of an agenda stays as it is' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER agenda_release_stays BEFORE UPDATE OR DELETE ON agenda_release
  FOR EACH ROW EXECUTE FUNCTION refuse_another_content();
CREATE TRIGGER agenda_release_stays_whole BEFORE TRUNCATE ON agenda_release EXECUTE FUNCTION refuse_another_content();
CREATE TRIGGER agenda_release_change AFTER INSERT OR UPDATE OR DELETE ON agenda_release
  FOR EACH ROW EXECUTE FUNCTION record_change('convening_id', 'content', 'note');

-- The twins. They have no history of their own: it would tell again what the tables that are worked on have told, and
-- what was released when stands in agenda_release. Uniqueness comes from there too.
CREATE TABLE released_room (
  LIKE room INCLUDING GENERATED,
  CONSTRAINT released_room_pkey PRIMARY KEY (id),
  CONSTRAINT released_room_convening_fkey FOREIGN KEY (convening_id) REFERENCES convening,
  CONSTRAINT released_room_of_convening UNIQUE (id, convening_id)
);
CREATE INDEX released_room_convening_idx ON released_room (convening_id);

CREATE TABLE released_session_block (
  LIKE session_block INCLUDING GENERATED,
  CONSTRAINT released_session_block_pkey PRIMARY KEY (id),
  CONSTRAINT released_session_block_convening_fkey FOREIGN KEY (convening_id) REFERENCES convening,
  CONSTRAINT released_session_block_of_convening UNIQUE (id, convening_id)
);
CREATE INDEX released_session_block_order_idx ON released_session_block (convening_id, position);

CREATE TABLE released_session (
  LIKE session INCLUDING GENERATED,
  CONSTRAINT released_session_pkey PRIMARY KEY (id),
  CONSTRAINT released_session_convening_fkey FOREIGN KEY (convening_id) REFERENCES convening,
  CONSTRAINT released_session_of_convening UNIQUE (id, convening_id),
  -- Strands are part of the announcement and not of the agenda: they are read as they stand.
  CONSTRAINT released_session_strand_fkey FOREIGN KEY (strand_id, convening_id) REFERENCES strand (id, convening_id),
  CONSTRAINT released_session_block_fkey FOREIGN KEY (block_id, convening_id)
    REFERENCES released_session_block (id, convening_id)
);
CREATE INDEX released_session_order_idx ON released_session (
  convening_id, coalesce(date, '9999-12-31'), coalesce(number, 2147483647), sort_title, id);
CREATE INDEX released_session_strand_idx ON released_session (strand_id);
CREATE INDEX released_session_block_idx ON released_session (block_id);
CREATE INDEX released_session_search_name_idx ON released_session USING gin (search_name gin_trgm_ops);
CREATE INDEX released_session_search_vector_idx ON released_session USING gin (search_vector);

-- The other session may be on another agenda, and not released there.
CREATE TABLE released_session_relation (
  LIKE session_relation INCLUDING GENERATED,
  CONSTRAINT released_session_relation_pkey PRIMARY KEY (session_id, related_id),
  CONSTRAINT released_session_relation_session_fkey FOREIGN KEY (session_id) REFERENCES released_session ON DELETE CASCADE
);

CREATE TABLE released_slot (
  LIKE slot INCLUDING GENERATED,
  CONSTRAINT released_slot_pkey PRIMARY KEY (id),
  CONSTRAINT released_slot_session_fkey FOREIGN KEY (session_id, convening_id)
    REFERENCES released_session (id, convening_id) ON DELETE CASCADE,
  CONSTRAINT released_slot_room_fkey FOREIGN KEY (room_id, convening_id) REFERENCES released_room (id, convening_id)
);
CREATE INDEX released_slot_session_idx ON released_slot (session_id, round);
CREATE INDEX released_slot_room_idx ON released_slot (room_id);

CREATE TABLE released_speaker (
  LIKE speaker INCLUDING GENERATED,
  CONSTRAINT released_speaker_pkey PRIMARY KEY (id),
  CONSTRAINT released_speaker_session_fkey FOREIGN KEY (session_id) REFERENCES released_session ON DELETE CASCADE,
  CONSTRAINT released_speaker_person_fkey FOREIGN KEY (person_id) REFERENCES person,
  CONSTRAINT released_speaker_organization_fkey FOREIGN KEY (organization_id) REFERENCES organization,
  CONSTRAINT released_speaker_district_fkey FOREIGN KEY (district_id) REFERENCES district
);
CREATE INDEX released_speaker_order_idx ON released_speaker (session_id, role_rank, position, id);
CREATE INDEX released_speaker_person_idx ON released_speaker (person_id);
CREATE INDEX released_speaker_organization_idx ON released_speaker (organization_id);
CREATE INDEX released_speaker_district_idx ON released_speaker (district_id);

-- What of a row people read on an agenda: not what tells rows apart, counts changes or serves searching.
CREATE FUNCTION told_of(row_data jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT row_data - ARRAY['id', 'convening_id', 'strand_id', 'block_id', 'version', 'created_at', 'updated_at',
    'sort_title', 'search_name', 'search_vector', 'role_rank']
$$;

-- What an agenda tells as it is worked on now. Of related sessions those on the same agenda: others may be hidden.
CREATE FUNCTION agenda_content(of_convening uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'session', (
      SELECT coalesce(jsonb_object_agg(session.id, told_of(to_jsonb(session)) || jsonb_build_object(
        'strand', strand.title, 'block', session_block.title, 'related_sessions', (
          SELECT coalesce(jsonb_agg(other.slug ORDER BY other.slug), '[]')
          FROM session_relation JOIN session AS other ON other.id = related_id
          WHERE session_id = session.id AND other.convening_id = of_convening))), '{}')
      FROM session LEFT JOIN strand ON strand.id = strand_id LEFT JOIN session_block ON session_block.id = block_id
      WHERE session.convening_id = of_convening),
    'slot', (SELECT coalesce(jsonb_object_agg(id, told_of(to_jsonb(slot))), '{}') FROM slot WHERE convening_id = of_convening),
    'speaker', (
      SELECT coalesce(jsonb_object_agg(speaker.id, told_of(to_jsonb(speaker))), '{}')
      FROM speaker JOIN session ON session.id = session_id WHERE convening_id = of_convening),
    'room', (SELECT coalesce(jsonb_object_agg(id, told_of(to_jsonb(room))), '{}') FROM room WHERE convening_id = of_convening),
    'session_block', (
      SELECT coalesce(jsonb_object_agg(id, told_of(to_jsonb(session_block))), '{}')
      FROM session_block WHERE convening_id = of_convening))
$$;

-- A key as text, or that of what its row has become.
CREATE FUNCTION present_key(key text) RETURNS uuid
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT target_id FROM alias WHERE old_id = key::uuid), key::uuid)
$$;

-- What a release told, with those in it who turned out to be another as that other.
CREATE FUNCTION present_content(content jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT content || jsonb_build_object('speaker', (
    SELECT coalesce(jsonb_object_agg(key, value || jsonb_build_object(
      'person_id', present_key(value ->> 'person_id'),
      'organization_id', present_key(value ->> 'organization_id'),
      'district_id', present_key(value ->> 'district_id'))), '{}')
    FROM jsonb_each(content -> 'speaker')))
$$;

-- Whether an agenda tells anything else than its last release; of one that was never released, whether it tells anything.
CREATE FUNCTION agenda_changed(of_convening uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT agenda_content(of_convening) IS DISTINCT FROM coalesce(
    (SELECT present_content(content) FROM agenda_release WHERE convening_id = of_convening ORDER BY number DESC LIMIT 1),
    '{"session": {}, "slot": {}, "speaker": {}, "room": {}, "session_block": {}}')
$$;

-- Copies rows of a table to its twin. What the database computes is computed there again.
CREATE FUNCTION copy_to_twin(of_table regclass, condition text, of_convening uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  columns text := (
    SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
BEGIN
  EXECUTE format('INSERT INTO %1$I (%2$s) SELECT %2$s FROM %3$s AS t WHERE %4$s', 'released_' || of_table, columns, of_table,
    condition) USING of_convening;
END
$$;

-- Holds whoever speaks on an agenda, or did on its last release. Merges and erasures hold those whom they are about before
-- they reach the twins: so do releases, and of the two none waits for the other while that waits for it.
CREATE FUNCTION hold_those_who_speak(of_table regclass, of_column name, of_convening uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'SELECT FROM %1$s WHERE id IN (
       SELECT t.%2$I FROM speaker AS t JOIN session ON session.id = t.session_id WHERE convening_id = $1
       UNION SELECT t.%2$I FROM released_speaker AS t JOIN released_session AS s ON s.id = t.session_id WHERE convening_id = $1)
     ORDER BY id FOR KEY SHARE', of_table, of_column) USING of_convening;
END
$$;

-- Makes a convening's agenda, as it stands, its next release. Whoever calls it holds the convening, as does whoever
-- changes the agenda: so what is released is one consistent state.
CREATE FUNCTION release_agenda(release_id uuid, of_convening uuid, note text, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  own_sessions CONSTANT text := 'session_id IN (SELECT id FROM session WHERE convening_id = $1)';
BEGIN
  PERFORM hold_those_who_speak('person', 'person_id', of_convening);
  PERFORM hold_those_who_speak('organization', 'organization_id', of_convening);
  PERFORM hold_those_who_speak('district', 'district_id', of_convening);
  DELETE FROM released_session WHERE convening_id = of_convening;
  DELETE FROM released_room WHERE convening_id = of_convening;
  DELETE FROM released_session_block WHERE convening_id = of_convening;
  PERFORM copy_to_twin('room', 'convening_id = $1', of_convening);
  PERFORM copy_to_twin('session_block', 'convening_id = $1', of_convening);
  PERFORM copy_to_twin('session', 'convening_id = $1', of_convening);
  PERFORM copy_to_twin('session_relation', own_sessions, of_convening);
  PERFORM copy_to_twin('slot', 'convening_id = $1', of_convening);
  PERFORM copy_to_twin('speaker', own_sessions, of_convening);
  INSERT INTO agenda_release (id, convening_id, number, released_at, note, content)
  SELECT release_id, of_convening, coalesce(max(number), 0) + 1, at, release_agenda.note, agenda_content(of_convening)
  FROM agenda_release WHERE convening_id = of_convening;
END
$$;

-- What was published before there were releases is what everybody reads already.
SELECT release_agenda(gen_random_uuid(), id, NULL, now()) FROM convening WHERE agenda_published;

-- Erasing reaches releases too: their twins, what each of them told, and notes that name the person.
CREATE FUNCTION withhold_releases(people uuid[], words text[], at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE theirs text[];
BEGIN
  UPDATE released_speaker SET name_as_shown = 'Name withheld', title_as_shown = NULL, sources = '[]',
    version = version + 1, updated_at = at WHERE person_id = ANY (people);
  -- Somebody who was taken for another when it was released is known by the row that is theirs now.
  theirs := ARRAY(
    SELECT id::text FROM speaker WHERE person_id = ANY (people)
    UNION SELECT id::text FROM released_speaker WHERE person_id = ANY (people)
    UNION SELECT key FROM agenda_release, jsonb_each(content -> 'speaker')
      WHERE value ->> 'person_id' = ANY (people::text[]));
  UPDATE agenda_release SET content = jsonb_set(content, '{speaker}', (
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (theirs)
      THEN value || '{"name_as_shown": "Name withheld", "title_as_shown": null, "sources": []}' ELSE value END)
    FROM jsonb_each(content -> 'speaker')))
  WHERE content -> 'speaker' ?| theirs;
  UPDATE agenda_release SET note = NULL WHERE mentions(note, words);
END
$$;

CREATE OR REPLACE FUNCTION known_by(people uuid[]) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT unnest(ARRAY[name, slug]) FROM person WHERE id = ANY (people)
    UNION SELECT unnest(ARRAY[gone_name, gone_slug]) FROM merge
      WHERE table_name = 'person' AND (gone_id = ANY (people) OR (kept_id = ANY (people) AND undone_at IS NULL))
    UNION SELECT unnest(ARRAY[email, phone]) FROM person_contact WHERE person_id = ANY (people)
    UNION SELECT name_as_shown FROM speaker WHERE person_id = ANY (people)
    UNION SELECT value ->> 'name_as_shown' FROM agenda_release, jsonb_each(content -> 'speaker')
      WHERE value ->> 'person_id' = ANY (people::text[])
    UNION SELECT value FROM change, jsonb_each_text(coalesce(before, '{}') || coalesce(after, '{}'))
      WHERE subject_id = ANY (people) AND key IN ('name', 'slug', 'email', 'phone')
    UNION SELECT value FROM change, jsonb_each_text(before)
      WHERE subject_id = ANY (people) AND key IN ('name', 'slug', 'email', 'phone'))
$$;

CREATE OR REPLACE FUNCTION erase_person(erased uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  people uuid[] := same_people(erased);
  words text[] := known_by(people);
  why text := nullif(current_setting('lmi.reason', true), '');
  their_rows uuid[] := ARRAY(
    SELECT row_id FROM change WHERE before ->> 'person_id' = ANY (people::text[]) AND before ? 'person_id'
    UNION SELECT row_id FROM change WHERE after ->> 'person_id' = ANY (people::text[]) AND after ? 'person_id'
    -- Rows that are older than the history, of which it tells nothing yet.
    UNION SELECT id FROM speaker WHERE person_id = ANY (people)
    UNION SELECT id FROM affiliation WHERE person_id = ANY (people)
    UNION SELECT id FROM team_member WHERE person_id = ANY (people));
  -- While somebody was taken for the erased, that one's history took over what was known.
  mistaken xid8[] := ARRAY(
    SELECT unnest(ARRAY[merged_in, undone_in]) FROM merge WHERE gone_id = ANY (people) AND undone_at IS NOT NULL);
BEGIN
  IF why IS NULL OR mentions(why, words) THEN
    RAISE check_violation USING CONSTRAINT = 'erasure_reason', MESSAGE = 'an erasure has a reason that does not name the person';
  END IF;
  PERFORM withhold_rows(people, at);
  PERFORM withhold_merges(people, their_rows);
  PERFORM set_config('lmi.erasing', 'on', true);
  PERFORM withhold_releases(people, words, at);
  -- The entries stay, with who changed something and when. What a seat in a team was says nothing of who sat there.
  UPDATE change SET
    before = CASE WHEN before IS NULL OR table_name = 'team_member' THEN before ELSE '{}' END,
    after = CASE WHEN after IS NULL OR table_name = 'team_member' THEN after ELSE '{}' END,
    reason = NULL
  WHERE subject_id = ANY (people) OR row_id = ANY (their_rows) OR transaction_id = ANY (mistaken);
  UPDATE change SET reason = NULL WHERE reason IS NOT NULL AND mentions(reason, words);
  PERFORM set_config('lmi.erasing', 'off', true);
  INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
  VALUES ('erased', 'person', erased, erased, '{}', '{}', coalesce(nullif(current_setting('lmi.origin', true), ''), 'service'),
    nullif(current_setting('lmi.origin_id', true), '')::uuid, why);
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION erase_person(uuid, timestamptz) SET search_path = %s, pg_temp', current_setting('search_path'));
END
$$;
