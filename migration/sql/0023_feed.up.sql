-- The feed of changes. Whoever sees the same rows makes one audience, and each audience has a feed of its own: it counts
-- only what that audience was shown, so that no number tells of anything hidden. See docs/decisions/0023-a-feed-for-each-audience.md.
CREATE TABLE audience (
  id uuid CONSTRAINT audience_pkey PRIMARY KEY,
  -- A hash of whom it takes in: the account, where what is seen depends on it, and what was granted.
  fingerprint bytea NOT NULL CONSTRAINT audience_fingerprint_key UNIQUE
    CONSTRAINT audience_fingerprint_length CHECK (octet_length(fingerprint) = 32),
  -- The state of the database that it was told last: what this sees of the history was taken into account.
  told pg_snapshot NOT NULL,
  -- How many changes there have been, and up to which of them they are no longer kept.
  last_number bigint NOT NULL,
  forgotten bigint NOT NULL DEFAULT 0,
  used_at timestamptz NOT NULL,
  -- When all of it was last held against all that there is.
  checked_at timestamptz NOT NULL,
  CONSTRAINT audience_forgotten_range CHECK (forgotten BETWEEN 0 AND last_number)
);
CREATE INDEX audience_used_idx ON audience (used_at);

-- What an audience was told that there is, and in which state.
CREATE TABLE audience_row (
  -- That of the change that told of it.
  id uuid CONSTRAINT audience_row_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  audience_id uuid NOT NULL CONSTRAINT audience_row_audience_fkey REFERENCES audience ON DELETE CASCADE,
  -- The type of the node, by the number that its ids begin with, and its key.
  node_type smallint NOT NULL,
  row_id uuid NOT NULL,
  number bigint NOT NULL CONSTRAINT audience_row_number_range CHECK (number > 0),
  recorded_at timestamptz NOT NULL,
  -- The version that was told of, and a hash of what else it shows that depends on other rows.
  version integer NOT NULL,
  content uuid,
  CONSTRAINT audience_row_once UNIQUE (audience_id, node_type, row_id),
  CONSTRAINT audience_row_number_once UNIQUE (audience_id, number)
);

-- What became of it since.
CREATE TABLE audience_change (
  id uuid CONSTRAINT audience_change_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  audience_id uuid NOT NULL CONSTRAINT audience_change_audience_fkey REFERENCES audience ON DELETE CASCADE,
  number bigint NOT NULL CONSTRAINT audience_change_number_range CHECK (number > 0),
  action text NOT NULL CONSTRAINT audience_change_action_known CHECK (action IN ('created', 'updated', 'deleted')),
  node_type smallint NOT NULL,
  row_id uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT audience_change_number_once UNIQUE (audience_id, number)
);
CREATE INDEX audience_change_recorded_idx ON audience_change (recorded_at);

-- What cursors are sealed with. It is made once for a database, from two random keys.
CREATE TABLE feed_seal (
  is_made boolean CONSTRAINT feed_seal_pkey PRIMARY KEY CONSTRAINT feed_seal_one CHECK (is_made),
  secret bytea NOT NULL CONSTRAINT feed_seal_secret_length CHECK (octet_length(secret) = 32)
);
INSERT INTO feed_seal (is_made, secret)
SELECT true, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
