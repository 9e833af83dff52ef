-- What a role may have done that cannot do it itself. The service works as a role that owns nothing (`src/rights/`): it reads
-- no hash of anything secret, and writes no history. What it needs of these is asked of functions that run with their
-- owner's rights, each of which answers one narrow question.

-- A key is made first and given its secret then: what is kept of that is not the service's to read back.
ALTER TABLE api_key ALTER COLUMN secret_hash DROP NOT NULL;

-- The hash of the password of one account, to hold what was typed against it.
CREATE FUNCTION password_of(of_account uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT password_hash FROM account WHERE id = of_account
$$;

CREATE FUNCTION has_password(of_account uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT password_hash IS NOT NULL FROM account WHERE id = of_account
$$;

-- Replaces the hash of a password, unless it was replaced meanwhile or the account was disabled: whether it did.
CREATE FUNCTION set_password(of_account uuid, before text, after text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE account SET password_hash = after
  WHERE id = of_account AND disabled_at IS NULL AND password_hash IS NOT DISTINCT FROM before;
  RETURN FOUND;
END
$$;

-- Uses a refresh token, which is good once: the sign-in that it goes on with; nothing where it is not good.
CREATE FUNCTION use_refresh_token(shown bytea, at timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE refresh_token SET used_at = at WHERE hash = shown AND used_at IS NULL AND expires_at > at RETURNING family_id
$$;

-- The sign-in that a refresh token is of, and whether it was used.
CREATE FUNCTION family_of_token(shown bytea) RETURNS TABLE (family_id uuid, was_used boolean)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT t.family_id, t.used_at IS NOT NULL FROM refresh_token AS t WHERE t.hash = shown
$$;

-- The account that a link is for, while the link is good.
CREATE FUNCTION account_of_link(shown bytea, wanted text, at timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT account_id FROM one_time_token WHERE hash = shown AND purpose = wanted AND used_at IS NULL AND expires_at > at
$$;

-- Uses a link of an account, which is good once: whether it was.
CREATE FUNCTION use_link(shown bytea, of_account uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE one_time_token SET used_at = at WHERE hash = shown AND account_id = of_account AND used_at IS NULL;
  RETURN FOUND;
END
$$;

-- Notes to whom a link was given to hand over.
CREATE FUNCTION hand_over_link(shown bytea, to_account uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE one_time_token SET handed_by = to_account WHERE hash = shown
$$;

-- Notes by whose link an account was opened.
CREATE FUNCTION note_opener(of_account uuid, shown bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE account SET opened_by = (SELECT handed_by FROM one_time_token WHERE hash = shown) WHERE id = of_account
$$;

-- Whether what is shown opens a key: its secret as it is 'now', or the one 'before' while that is good. What is compared are
-- hashes of random secrets, of which nobody can make one that begins like another: how long it takes tells nothing.
CREATE FUNCTION opens_key(of_key uuid, shown bytea, at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN (SELECT CASE WHEN secret_hash = shown THEN 'now' WHEN previous_hash = shown AND previous_until > at THEN 'before' END
    FROM api_key WHERE id = of_key);
END
$$;

-- Gives a key a secret. The one before is good until then; at once no more where no time is given.
CREATE FUNCTION set_key_secret(of_key uuid, secret bytea, before_until timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE api_key SET previous_hash = CASE WHEN before_until IS NOT NULL THEN secret_hash END, previous_until = before_until,
    secret_hash = secret
  WHERE id = of_key
$$;

-- Ends the time of the secret before.
CREATE FUNCTION forget_secret_before(of_key uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE api_key SET previous_hash = NULL, previous_until = NULL WHERE id = of_key
$$;

-- What changes rows that the service may not: history, hashes, and whatever refers to a row that goes.
ALTER FUNCTION record_change() SECURITY DEFINER;
ALTER FUNCTION shut_out_opener(uuid, uuid, timestamptz) SECURITY DEFINER;
ALTER FUNCTION merge_rows(uuid, text, uuid, uuid, timestamptz) SECURITY DEFINER;
ALTER FUNCTION undo_merge(uuid, timestamptz) SECURITY DEFINER;

-- What they name is looked up where it is now, whoever calls them, and not everybody may.
DO $$
DECLARE
  one regprocedure;
BEGIN
  FOR one IN SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', one, current_setting('search_path'));
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
  END LOOP;
END
$$;
