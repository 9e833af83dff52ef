DO $$
DECLARE
  one regprocedure;
BEGIN
  FOREACH one IN ARRAY ARRAY[
    'record_change()', 'shut_out_opener(uuid, uuid, timestamptz)', 'merge_rows(uuid, text, uuid, uuid, timestamptz)',
    'undo_merge(uuid, timestamptz)']::regprocedure[] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY INVOKER', one);
    EXECUTE format('ALTER FUNCTION %s RESET search_path', one);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', one);
  END LOOP;
END
$$;

DROP FUNCTION forget_secret_before(uuid);
DROP FUNCTION set_key_secret(uuid, bytea, timestamptz);
DROP FUNCTION opens_key(uuid, bytea, timestamptz);
DROP FUNCTION note_opener(uuid, bytea);
DROP FUNCTION hand_over_link(bytea, uuid);
DROP FUNCTION use_link(bytea, uuid, timestamptz);
DROP FUNCTION account_of_link(bytea, text, timestamptz);
DROP FUNCTION family_of_token(bytea);
DROP FUNCTION use_refresh_token(bytea, timestamptz);
DROP FUNCTION set_password(uuid, text, text);
DROP FUNCTION has_password(uuid);
DROP FUNCTION password_of(uuid);

DELETE FROM api_key WHERE secret_hash IS NULL;
ALTER TABLE api_key ALTER COLUMN secret_hash SET NOT NULL;
