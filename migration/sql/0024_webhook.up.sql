-- Where a partner's program is told of changes. It is of one account or of one key, and is told what that one may see.
CREATE TABLE webhook_endpoint (
  id uuid CONSTRAINT webhook_endpoint_pkey PRIMARY KEY,
  account_id uuid CONSTRAINT webhook_endpoint_account_fkey REFERENCES account,
  api_key_id uuid CONSTRAINT webhook_endpoint_api_key_fkey REFERENCES api_key,
  url text NOT NULL CONSTRAINT webhook_endpoint_url_form CHECK (url ~* '^https?://' AND char_length(url) <= 2000),
  description text CONSTRAINT webhook_endpoint_description_length CHECK (char_length(description) BETWEEN 1 AND 300),
  -- Of which types, and which acts; all where none is named.
  types text[] NOT NULL DEFAULT '{}',
  actions text[] NOT NULL DEFAULT '{}',
  status text NOT NULL CONSTRAINT webhook_endpoint_status_known CHECK (status IN ('active', 'paused', 'disabled')),
  status_since timestamptz NOT NULL,
  disabled_because text
    CONSTRAINT webhook_endpoint_disabled_because_known CHECK (disabled_because IN ('failing', 'gone', 'owner', 'secret')),
  -- Sealed under a key that is not in the database: a secret that signs must be read, unlike one that is only compared.
  secret bytea NOT NULL,
  -- After a rotation the secret before signs, too, for a while.
  previous_secret bytea,
  previous_until timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT webhook_endpoint_of_one CHECK (num_nonnulls(account_id, api_key_id) = 1),
  CONSTRAINT webhook_endpoint_disabled_for_a_reason CHECK ((status = 'disabled') = (disabled_because IS NOT NULL)),
  CONSTRAINT webhook_endpoint_previous_whole CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhook_endpoint_account_idx ON webhook_endpoint (account_id);
CREATE INDEX webhook_endpoint_api_key_idx ON webhook_endpoint (api_key_id);

-- How far each endpoint has been told, and how that goes. Nobody edits it: no change row is written of it.
CREATE TABLE webhook_progress (
  endpoint_id uuid CONSTRAINT webhook_progress_pkey PRIMARY KEY
    CONSTRAINT webhook_progress_endpoint_fkey REFERENCES webhook_endpoint ON DELETE CASCADE,
  -- The place in the feed: all up to it has been delivered.
  audience uuid NOT NULL,
  number bigint NOT NULL,
  -- The id of the event that says to mirror anew, until that is delivered: it goes before all others.
  restart_id uuid,
  -- What this sees of the history was looked at, and nothing was left to tell. NULL: it is to be looked at in any case.
  heard pg_snapshot,
  -- Attempts that failed, one after another, since the last that did not.
  failures integer NOT NULL DEFAULT 0 CONSTRAINT webhook_progress_failures_range CHECK (failures >= 0),
  failing_since timestamptz,
  next_attempt_at timestamptz,
  -- Whoever works on it, and until when nobody else does, by the clock of the database.
  lease uuid,
  leased_until timestamptz,
  CONSTRAINT webhook_progress_failing_whole CHECK ((failures = 0) = (failing_since IS NULL))
);

-- What was sent, and what came of it. The change itself stays in the feed: here is what was told of it.
CREATE TABLE webhook_delivery (
  id uuid CONSTRAINT webhook_delivery_pkey PRIMARY KEY,
  endpoint_id uuid NOT NULL CONSTRAINT webhook_delivery_endpoint_fkey REFERENCES webhook_endpoint ON DELETE CASCADE,
  -- The same however often it is sent: receivers know a repetition by it.
  event_id uuid NOT NULL,
  event text NOT NULL CONSTRAINT webhook_delivery_event_known CHECK (event IN ('change', 'restart', 'test')),
  -- Of a change: its place in the feed, and what it tells.
  audience uuid,
  number bigint,
  action text,
  node_type text,
  node_key uuid,
  occurred_at timestamptz NOT NULL,
  -- Sent because somebody asked for it, once, and beside all others.
  asked boolean NOT NULL,
  state text NOT NULL
    CONSTRAINT webhook_delivery_state_known CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
  attempts integer NOT NULL CONSTRAINT webhook_delivery_attempts_range CHECK (attempts >= 0),
  -- What the receiver answered last, or what kept it from answering.
  status integer CONSTRAINT webhook_delivery_status_range CHECK (status BETWEEN 100 AND 999),
  fault text CONSTRAINT webhook_delivery_fault_known
    CHECK (fault IN ('status', 'timeout', 'connection', 'address', 'cut_off')),
  created_at timestamptz NOT NULL,
  last_attempt_at timestamptz,
  delivered_at timestamptz,
  CONSTRAINT webhook_delivery_change_whole CHECK (num_nonnulls(audience, number, action, node_type, node_key) =
    CASE event WHEN 'change' THEN 5 ELSE 0 END)
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (endpoint_id, event_id) WHERE NOT asked;
CREATE INDEX webhook_delivery_endpoint_idx ON webhook_delivery (endpoint_id, created_at, id);
CREATE INDEX webhook_delivery_pending_idx ON webhook_delivery (endpoint_id, created_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_created_idx ON webhook_delivery (created_at);

CREATE TRIGGER webhook_endpoint_change AFTER INSERT OR UPDATE OR DELETE ON webhook_endpoint
  FOR EACH ROW EXECUTE FUNCTION record_change('id', 'secret', 'previous_secret');
