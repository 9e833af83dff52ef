-- The answers to mutations that were sent under an idempotency key. Neither the key nor the answer can be read here: both
-- take what only the client has, the key and the request itself.
CREATE TABLE idempotent_answer (
  -- A hash of who asked and the key.
  id bytea CONSTRAINT idempotent_answer_pkey PRIMARY KEY
    CONSTRAINT idempotent_answer_id_length CHECK (octet_length(id) = 32),
  -- A hash of the key and the request: another request under the same key is refused.
  fingerprint bytea NOT NULL CONSTRAINT idempotent_answer_fingerprint_length CHECK (octet_length(fingerprint) = 32),
  -- Sealed with a key derived from both; NULL only within the transaction that the request runs in.
  answer bytea,
  created_at timestamptz NOT NULL
);
CREATE INDEX idempotent_answer_created_idx ON idempotent_answer (created_at);
