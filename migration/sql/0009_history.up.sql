-- Every change of a row, written by the tables themselves in the same transaction: no code path can forget it.
CREATE TABLE change (
  -- Random, so that an id tells nobody how many changes lie between two.
  id uuid CONSTRAINT change_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order within one transaction; gaps are possible.
  number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  -- The order of transactions: whoever reads only what is below every running one misses nothing.
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  action text NOT NULL CONSTRAINT change_action_known CHECK (action IN ('created', 'updated', 'deleted')),
  table_name text NOT NULL,
  row_id uuid NOT NULL,
  -- The row whose history it belongs to: that of a strand is its convening's.
  subject_id uuid NOT NULL,
  -- What the columns that changed held, and hold now; all of them for a row that came or went.
  before jsonb,
  after jsonb,
  -- Who: an account, a key, somebody at the command line; or the service by itself.
  origin text NOT NULL CONSTRAINT change_origin_known CHECK (origin IN ('account', 'key', 'command_line', 'service')),
  origin_id uuid,
  reason text CONSTRAINT change_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
  CONSTRAINT change_sides CHECK (
    CASE action WHEN 'created' THEN before IS NULL AND after IS NOT NULL
    WHEN 'deleted' THEN before IS NOT NULL AND after IS NULL ELSE num_nulls(before, after) = 0 END),
  CONSTRAINT change_origin_whole CHECK ((origin IN ('account', 'key')) = (origin_id IS NOT NULL))
);
CREATE INDEX change_subject_idx ON change (subject_id, recorded_at, id);
CREATE INDEX change_row_idx ON change (row_id, number);
CREATE INDEX change_order_idx ON change (transaction_id, number);

-- Says for the rest of the transaction who changes things, and why.
CREATE FUNCTION attribute_changes(origin text, origin_id uuid, reason text) RETURNS void
LANGUAGE sql AS $$
  SELECT set_config('lmi.origin', origin, true), set_config('lmi.origin_id', coalesce(origin_id::text, ''), true),
    set_config('lmi.reason', coalesce(reason, ''), true)
$$;

-- Writes a change down. The first argument names the column that holds the row's subject; the others, columns that
-- nobody may ever read. What the database computes is left out, and the moment of the change, which stands beside it.
CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  hidden text[] := ARRAY['updated_at', 'sort_name', 'sort_title', 'search_name', 'search_vector', 'role_rank', 'seat_rank']
    || TG_ARGV[1:];
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
  is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
  whole jsonb := coalesce(is_now, was);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value) INTO was, is_now
    FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was -> key;
    IF is_now IS NULL THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO change (action, table_name, row_id, subject_id, before, after, origin, origin_id, reason)
  VALUES (
    CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, TG_TABLE_NAME,
    coalesce(whole ->> 'id', whole ->> TG_ARGV[0])::uuid, (whole ->> TG_ARGV[0])::uuid, was, is_now,
    coalesce(nullif(current_setting('lmi.origin', true), ''), 'service'),
    nullif(current_setting('lmi.origin_id', true), '')::uuid, nullif(current_setting('lmi.reason', true), ''));
  RETURN NULL;
END
$$;

-- What was written down stays as it is.
CREATE FUNCTION refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('lmi.erasing', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'history is only ever added to' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER change_stays BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER change_stays_whole BEFORE TRUNCATE ON change EXECUTE FUNCTION refuse_rewriting();

-- The account that entered a person: an organizer sees and mends whom they added. No foreign key: what an account did
-- stays, also when there is no such account any more.
ALTER TABLE person ADD COLUMN entered_by uuid;
CREATE INDEX person_entered_by_idx ON person (entered_by) WHERE entered_by IS NOT NULL;

-- Rows with a history of their own.
CREATE TRIGGER organization_change AFTER INSERT OR UPDATE OR DELETE ON organization
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER district_change AFTER INSERT OR UPDATE OR DELETE ON district
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER person_change AFTER INSERT OR UPDATE OR DELETE ON person
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER affiliation_change AFTER INSERT OR UPDATE OR DELETE ON affiliation
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER partnership_change AFTER INSERT OR UPDATE OR DELETE ON partnership
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER composition_rule_change AFTER INSERT OR UPDATE OR DELETE ON composition_rule
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER convening_change AFTER INSERT OR UPDATE OR DELETE ON convening
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER sponsorship_change AFTER INSERT OR UPDATE OR DELETE ON sponsorship
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER delegation_change AFTER INSERT OR UPDATE OR DELETE ON delegation
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER metric_change AFTER INSERT OR UPDATE OR DELETE ON metric
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER offering_change AFTER INSERT OR UPDATE OR DELETE ON offering
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER room_change AFTER INSERT OR UPDATE OR DELETE ON room
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER session_change AFTER INSERT OR UPDATE OR DELETE ON session
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER slot_change AFTER INSERT OR UPDATE OR DELETE ON slot
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER speaker_change AFTER INSERT OR UPDATE OR DELETE ON speaker
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER resource_change AFTER INSERT OR UPDATE OR DELETE ON resource
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER team_change AFTER INSERT OR UPDATE OR DELETE ON team
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER team_member_change AFTER INSERT OR UPDATE OR DELETE ON team_member
  FOR EACH ROW EXECUTE FUNCTION record_change('id');

-- Rows that are part of another's history.
CREATE TRIGGER district_candidate_change AFTER INSERT OR UPDATE OR DELETE ON district_candidate
  FOR EACH ROW EXECUTE FUNCTION record_change('district_id');
CREATE TRIGGER person_contact_change AFTER INSERT OR UPDATE OR DELETE ON person_contact
  FOR EACH ROW EXECUTE FUNCTION record_change('person_id');
CREATE TRIGGER required_seat_change AFTER INSERT OR UPDATE OR DELETE ON required_seat
  FOR EACH ROW EXECUTE FUNCTION record_change('rule_id');
CREATE TRIGGER strand_change AFTER INSERT OR UPDATE OR DELETE ON strand
  FOR EACH ROW EXECUTE FUNCTION record_change('convening_id');
CREATE TRIGGER session_block_change AFTER INSERT OR UPDATE OR DELETE ON session_block
  FOR EACH ROW EXECUTE FUNCTION record_change('convening_id');
CREATE TRIGGER session_relation_change AFTER INSERT OR UPDATE OR DELETE ON session_relation
  FOR EACH ROW EXECUTE FUNCTION record_change('session_id');
CREATE TRIGGER resource_subject_change AFTER INSERT OR UPDATE OR DELETE ON resource_subject
  FOR EACH ROW EXECUTE FUNCTION record_change('resource_id');
CREATE TRIGGER seat_assignment_change AFTER INSERT OR UPDATE OR DELETE ON seat_assignment
  FOR EACH ROW EXECUTE FUNCTION record_change('member_id');
