-- Whoever is answered for longer than a moment is looked at again once something was done about what they showed, or about
-- what they were granted: told is whose it is, an account or a key. What merely notes that somebody came is not told.
CREATE FUNCTION tell_of_standing() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('standing', coalesce(to_jsonb(NEW), to_jsonb(OLD)) ->> TG_ARGV[0]);
  RETURN NULL;
END
$$;
CREATE TRIGGER account_standing AFTER UPDATE ON account
  FOR EACH ROW WHEN (OLD.disabled_at IS DISTINCT FROM NEW.disabled_at) EXECUTE FUNCTION tell_of_standing('id');
CREATE TRIGGER account_gone AFTER DELETE ON account
  FOR EACH ROW EXECUTE FUNCTION tell_of_standing('id');
CREATE TRIGGER role_grant_standing AFTER INSERT OR UPDATE OR DELETE ON role_grant
  FOR EACH ROW EXECUTE FUNCTION tell_of_standing('account_id');
CREATE TRIGGER token_family_standing AFTER UPDATE ON token_family
  FOR EACH ROW WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION tell_of_standing('account_id');
CREATE TRIGGER identity_standing AFTER UPDATE ON identity
  FOR EACH ROW WHEN (OLD.unlinked_at IS DISTINCT FROM NEW.unlinked_at) EXECUTE FUNCTION tell_of_standing('account_id');
CREATE TRIGGER api_key_standing AFTER UPDATE ON api_key
  FOR EACH ROW WHEN (OLD.last_used_at IS NOT DISTINCT FROM NEW.last_used_at)
  EXECUTE FUNCTION tell_of_standing('id');
CREATE TRIGGER api_key_gone AFTER DELETE ON api_key
  FOR EACH ROW EXECUTE FUNCTION tell_of_standing('id');

-- Whoever watches a door is told at which convening somebody was checked in. That a check-in is taken back is not told.
CREATE FUNCTION tell_of_check_in() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('check_ins', NEW.convening_id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER team_member_check_in AFTER UPDATE ON team_member
  FOR EACH ROW WHEN (NEW.checked_in_at IS NOT NULL AND OLD.checked_in_at IS DISTINCT FROM NEW.checked_in_at)
  EXECUTE FUNCTION tell_of_check_in();

-- Whoever waits for something of a convening looks anew once it is shown to others than before, or is another's: its
-- surveys' results and its door.
CREATE FUNCTION tell_of_convening() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('survey_results', id::text) FROM survey WHERE convening_id = NEW.id;
  PERFORM pg_notify('check_ins', NEW.id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER convening_shown AFTER UPDATE ON convening
  FOR EACH ROW WHEN ((OLD.announced, OLD.organizer_id, OLD.region_id) IS DISTINCT FROM (NEW.announced, NEW.organizer_id, NEW.region_id))
  EXECUTE FUNCTION tell_of_convening();
