-- Erasing knows nothing of releases again.
CREATE OR REPLACE FUNCTION known_by(people uuid[]) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT unnest(ARRAY[name, slug]) FROM person WHERE id = ANY (people)
    UNION SELECT unnest(ARRAY[gone_name, gone_slug]) FROM merge
      WHERE table_name = 'person' AND (gone_id = ANY (people) OR (kept_id = ANY (people) AND undone_at IS NULL))
    UNION SELECT unnest(ARRAY[email, phone]) FROM person_contact WHERE person_id = ANY (people)
    UNION SELECT name_as_shown FROM speaker WHERE person_id = ANY (people)
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

DROP FUNCTION withhold_releases(uuid[], text[], timestamptz);
DROP FUNCTION release_agenda(uuid, uuid, text, timestamptz);
DROP FUNCTION hold_those_who_speak(regclass, name, uuid);
DROP FUNCTION copy_to_twin(regclass, text, uuid);
DROP FUNCTION agenda_changed(uuid);
DROP FUNCTION present_content(jsonb);
DROP FUNCTION present_key(text);
DROP FUNCTION agenda_content(uuid);
DROP FUNCTION told_of(jsonb);
DROP TABLE released_speaker, released_slot, released_session_relation, released_session, released_session_block,
  released_room, agenda_release;
DROP FUNCTION refuse_another_content();
