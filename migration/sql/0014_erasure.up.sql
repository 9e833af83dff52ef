-- History knows of one act more: that a person was erased.
ALTER TABLE change DROP CONSTRAINT change_action_known;
ALTER TABLE change ADD CONSTRAINT change_action_known CHECK (action IN ('created', 'updated', 'deleted', 'erased'));

-- Whose rows were changed, where rows of several tables refer to a person: what an erasure looks for.
CREATE INDEX change_person_before_idx ON change ((before ->> 'person_id')) WHERE before ? 'person_id';
CREATE INDEX change_person_after_idx ON change ((after ->> 'person_id')) WHERE after ? 'person_id';

-- Somebody, and all whom that one turned out to be.
CREATE FUNCTION same_people(somebody uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT somebody UNION SELECT old_id FROM alias WHERE table_name = 'person' AND target_id = somebody)
$$;

-- Everything that people were ever known by: names, slugs and addresses, as they stand and as history has them.
CREATE FUNCTION known_by(people uuid[]) RETURNS text[]
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

-- Whether a text has one of these in it, as whole words, however they are written.
CREATE FUNCTION mentions(told text, words text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT EXISTS (
    SELECT FROM unnest(words) AS word
    WHERE searchable(word) <> '' AND strpos(' ' || searchable(told) || ' ', ' ' || searchable(word) || ' ') > 0)
$$;

-- Takes the name and private data of people, who are one, out of the rows that stand. What is counted stays: that
-- somebody spoke, and sat in a team.
CREATE FUNCTION withhold_rows(people uuid[], at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- Readiness is judged by whether a member's affiliations have ended. Of those of members, one for each body stays, with
  -- its last day and nothing else.
  DELETE FROM affiliation WHERE person_id = ANY (people) AND id NOT IN (
    SELECT DISTINCT ON (organization_id, district_id) id FROM affiliation
    WHERE person_id = ANY (people) AND EXISTS (SELECT FROM team_member WHERE person_id = ANY (people))
    ORDER BY organization_id, district_id, ends_on DESC NULLS FIRST, id);
  UPDATE affiliation SET title = NULL, starts_on = NULL, stated_on = NULL, sources = '[]', version = version + 1,
    updated_at = at WHERE person_id = ANY (people);
  UPDATE speaker SET name_as_shown = 'Name withheld', title_as_shown = NULL, sources = '[]', version = version + 1,
    updated_at = at WHERE person_id = ANY (people);
  DELETE FROM person_contact WHERE person_id = ANY (people);
  -- Whoever entered the person has no part in what is left.
  UPDATE person SET name = 'Name withheld', slug = 'withheld-' || gen_random_uuid(), honorific = NULL, biography = NULL,
    is_public = false, entered_by = NULL, sources = '[]', version = version + 1, updated_at = at WHERE id = ANY (people);
END
$$;

-- The same for what merges keep, so that none of it comes back. Old ids go on leading to what is left.
CREATE FUNCTION withhold_merges(people uuid[], their_rows uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE alias SET old_slug = NULL WHERE table_name = 'person' AND target_id = ANY (people);
  UPDATE merge SET gone_name = 'Name withheld', gone_slug = NULL, gone = NULL, moved = '[]', dropped = '[]', filled = '[]',
    reason = NULL WHERE table_name = 'person' AND (kept_id = ANY (people) OR gone_id = ANY (people));
  -- A merge of two organizations or districts may have dropped an affiliation.
  UPDATE merge SET
    dropped = (
      SELECT coalesce(jsonb_agg(note ORDER BY place), '[]') FROM jsonb_array_elements(dropped) WITH ORDINALITY AS noted (note, place)
      WHERE note -> 'row' ->> 'person_id' <> ALL (people::text[]) IS NOT FALSE),
    filled = (
      SELECT coalesce(jsonb_agg(note ORDER BY place), '[]') FROM jsonb_array_elements(filled) WITH ORDINALITY AS noted (note, place)
      WHERE (note ->> 'key')::uuid <> ALL (their_rows))
  WHERE table_name <> 'person' AND undone_at IS NULL;
END
$$;

-- Erases a person: takes the name and private data out of every row, out of what merges keep and out of all history,
-- where an entry is added that says who did it, when and why. This is the one way past the rule that history is only
-- ever added to.
CREATE FUNCTION erase_person(erased uuid, at timestamptz) RETURNS void
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

-- It runs with its owner's rights: what it names is looked up where it is now, whoever calls it, and not everybody may.
REVOKE ALL ON FUNCTION erase_person(uuid, timestamptz) FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION erase_person(uuid, timestamptz) SET search_path = %s, pg_temp', current_setting('search_path'));
END
$$;
