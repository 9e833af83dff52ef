-- Who signs in. The address is plain ASCII, so that all who compare it agree on what its lower case is.
CREATE TABLE account (
  id uuid CONSTRAINT account_pkey PRIMARY KEY,
  email text COLLATE "C" NOT NULL CONSTRAINT account_email_form
    CHECK (email ~ '^[!-?A-~]+@[!-?A-~]+$' AND char_length(email) <= 254),
  display_name title NOT NULL,
  -- None until an invitation was accepted, or where only an identity provider vouches for the account.
  password_hash text CONSTRAINT account_password_hash_form CHECK (starts_with(password_hash, '$argon2id$')),
  -- Who handed over the link by which the password was set, and could have used it; NULL where the address proved itself.
  opened_by uuid,
  last_sign_in_at timestamptz,
  disabled_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(display_name)) STORED
);
CREATE UNIQUE INDEX account_email_key ON account (lower(email));
CREATE INDEX account_name_idx ON account (sort_name, id);

-- Who an identity provider says that somebody is.
CREATE TABLE identity (
  id uuid CONSTRAINT identity_pkey PRIMARY KEY,
  account_id uuid NOT NULL CONSTRAINT identity_account_fkey REFERENCES account,
  issuer text NOT NULL CONSTRAINT identity_issuer_length CHECK (char_length(issuer) BETWEEN 1 AND 2000),
  subject text NOT NULL CONSTRAINT identity_subject_length CHECK (char_length(subject) BETWEEN 1 AND 255),
  linked_at timestamptz NOT NULL DEFAULT now(),
  -- Kept, so that what was unlinked is not linked by itself again.
  unlinked_at timestamptz,
  CONSTRAINT identity_once UNIQUE (issuer, subject)
);
-- An address that was given to a successor does not open the account of who had it before.
CREATE UNIQUE INDEX identity_one_of_issuer ON identity (account_id, issuer) WHERE unlinked_at IS NULL;
CREATE INDEX identity_account_idx ON identity (account_id);

-- What an account may do, and where.
CREATE TABLE role_grant (
  id uuid CONSTRAINT role_grant_pkey PRIMARY KEY,
  account_id uuid NOT NULL CONSTRAINT role_grant_account_fkey REFERENCES account,
  role text NOT NULL CONSTRAINT role_grant_role_known CHECK (role IN (
    'partner', 'team_lead', 'organizer', 'evaluator', 'staff', 'auditor', 'admin')),
  organization_id uuid CONSTRAINT role_grant_organization_fkey REFERENCES organization,
  district_id uuid CONSTRAINT role_grant_district_fkey REFERENCES district,
  convening_id uuid CONSTRAINT role_grant_convening_fkey REFERENCES convening,
  region_id uuid CONSTRAINT role_grant_region_fkey REFERENCES region,
  expires_at timestamptz,
  -- None where the program itself granted it, beside the database.
  granted_by uuid CONSTRAINT role_grant_granter_fkey REFERENCES account,
  granted_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  -- Each role has the scope that it takes, and no other.
  CONSTRAINT role_grant_scope CHECK (
    num_nonnulls(organization_id, district_id, convening_id, region_id)
      = CASE WHEN role IN ('partner', 'team_lead', 'organizer') THEN 1 ELSE 0 END
    AND (role <> 'partner' OR organization_id IS NOT NULL)
    AND (role <> 'team_lead' OR district_id IS NOT NULL)
    AND (role <> 'organizer' OR district_id IS NULL))
);
-- Nobody holds a role twice in one scope: revoked once, it would still be held.
CREATE UNIQUE INDEX role_grant_once ON role_grant (
  account_id, role, coalesce(organization_id, district_id, convening_id, region_id, '00000000-0000-0000-0000-000000000000'))
  WHERE revoked_at IS NULL;
CREATE INDEX role_grant_account_idx ON role_grant (account_id);

-- A machine's credential. Of the secret only the hash is kept.
CREATE TABLE api_key (
  id uuid CONSTRAINT api_key_pkey PRIMARY KEY,
  name title NOT NULL,
  prefix text COLLATE "C" NOT NULL CONSTRAINT api_key_prefix_key UNIQUE
    CONSTRAINT api_key_prefix_form CHECK (prefix ~ '^[0-9a-f]{12}$'),
  secret_hash bytea NOT NULL CONSTRAINT api_key_secret_hash_length CHECK (octet_length(secret_hash) = 32),
  -- After a rotation the secret before is good for a while.
  previous_hash bytea CONSTRAINT api_key_previous_hash_length CHECK (octet_length(previous_hash) = 32),
  previous_until timestamptz,
  role text CONSTRAINT api_key_role_known CHECK (role IN ('partner')),
  organization_id uuid CONSTRAINT api_key_organization_fkey REFERENCES organization,
  read_only boolean NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- Written once a minute at most.
  last_used_at timestamptz,
  created_by uuid CONSTRAINT api_key_creator_fkey REFERENCES account,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED,
  CONSTRAINT api_key_previous_whole CHECK ((previous_hash IS NULL) = (previous_until IS NULL)),
  CONSTRAINT api_key_role_of_organization CHECK ((role IS NULL) = (organization_id IS NULL)),
  -- A key without a role is for a dashboard.
  CONSTRAINT api_key_without_role_reads CHECK (role IS NOT NULL OR read_only)
);
CREATE INDEX api_key_name_idx ON api_key (sort_name, id);
CREATE INDEX api_key_organization_idx ON api_key (organization_id);

-- One sign-in and every token that descends from it.
CREATE TABLE token_family (
  id uuid CONSTRAINT token_family_pkey PRIMARY KEY,
  account_id uuid NOT NULL CONSTRAINT token_family_account_fkey REFERENCES account,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  reason text CONSTRAINT token_family_reason_known CHECK (reason IN (
    'signed_out', 'reused', 'password_changed', 'password_reset', 'account_disabled')),
  CONSTRAINT token_family_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (reason IS NULL))
);
CREATE INDEX token_family_account_idx ON token_family (account_id);

-- Those that were used are kept until they expire, so that a second use is noticed.
CREATE TABLE refresh_token (
  hash bytea CONSTRAINT refresh_token_pkey PRIMARY KEY
    CONSTRAINT refresh_token_hash_length CHECK (octet_length(hash) = 32),
  family_id uuid NOT NULL CONSTRAINT refresh_token_family_fkey REFERENCES token_family ON DELETE CASCADE,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX refresh_token_family_idx ON refresh_token (family_id);

-- What a link to accept an invitation or to set a new password holds.
CREATE TABLE one_time_token (
  hash bytea CONSTRAINT one_time_token_pkey PRIMARY KEY
    CONSTRAINT one_time_token_hash_length CHECK (octet_length(hash) = 32),
  purpose text NOT NULL CONSTRAINT one_time_token_purpose_known CHECK (purpose IN ('invitation', 'password_reset')),
  account_id uuid NOT NULL CONSTRAINT one_time_token_account_fkey REFERENCES account,
  -- The account that was given the link to hand over, unless it may open every account.
  handed_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX one_time_token_account_idx ON one_time_token (account_id);

-- Attempts that failed, by a hash of the address of an account or of a network, which all instances share.
CREATE TABLE sign_in_failure (
  key bytea CONSTRAINT sign_in_failure_pkey PRIMARY KEY
    CONSTRAINT sign_in_failure_key_length CHECK (octet_length(key) = 32),
  failures integer NOT NULL CONSTRAINT sign_in_failure_failures_range CHECK (failures BETWEEN 0 AND 1000000),
  forgotten_at timestamptz NOT NULL,
  blocked_until timestamptz
);
CREATE INDEX sign_in_failure_forgotten_idx ON sign_in_failure (forgotten_at);

-- An account that is to hold more than whoever handed over its link could grant, or that its owner comes to by another
-- way, is opened anew: the password, the sign-ins and the identities of whoever opened it are good no more.
CREATE FUNCTION shut_out_opener(opened uuid, granter uuid, at timestamptz) RETURNS void
LANGUAGE sql AS $$
  WITH shut AS (
    UPDATE account SET password_hash = NULL, opened_by = NULL
    WHERE id = opened AND opened_by IS NOT NULL AND opened_by IS DISTINCT FROM granter RETURNING id),
  ended AS (
    UPDATE token_family SET revoked_at = at, reason = 'password_reset'
    WHERE account_id IN (SELECT id FROM shut) AND revoked_at IS NULL)
  UPDATE identity SET unlinked_at = at WHERE account_id IN (SELECT id FROM shut) AND unlinked_at IS NULL
$$;

-- What is written down of them: no hash of anything, nor how often somebody was here, nor by which address.
CREATE TRIGGER account_change AFTER INSERT OR UPDATE OR DELETE ON account
  FOR EACH ROW EXECUTE FUNCTION record_change('id', 'email', 'password_hash', 'opened_by', 'last_sign_in_at');
CREATE TRIGGER identity_change AFTER INSERT OR UPDATE OR DELETE ON identity
  FOR EACH ROW EXECUTE FUNCTION record_change('account_id', 'subject');
CREATE TRIGGER role_grant_change AFTER INSERT OR UPDATE OR DELETE ON role_grant
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER api_key_change AFTER INSERT OR UPDATE OR DELETE ON api_key
  FOR EACH ROW EXECUTE FUNCTION record_change('id', 'secret_hash', 'previous_hash', 'last_used_at');
