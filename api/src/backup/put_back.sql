-- What a database has to forget that was put back to an earlier state: what others were promised since, it cannot know of.

-- Transactions of another server's time, and those of this one, would be taken for one another: they are told apart by an
-- era, in the bits above all that a server counts to.
SELECT set_config('lmi.erasing', 'on', true);
DO $$
DECLARE
  era constant bigint := 281474976710656;
  last bigint := (SELECT transaction_id::text::bigint FROM change ORDER BY transaction_id DESC LIMIT 1);
  next bigint := (coalesce(last, 0) / era + 1) * era;
  present constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
BEGIN
  IF EXISTS (SELECT FROM change WHERE transaction_id >= present::text::xid8 AND transaction_id < era::text::xid8) THEN
    UPDATE change SET transaction_id = (transaction_id::text::bigint + next)::text::xid8
      WHERE transaction_id < era::text::xid8;
    UPDATE merge SET merged_in = (merged_in::text::bigint + next)::text::xid8 WHERE merged_in < era::text::xid8;
    UPDATE merge SET undone_in = (undone_in::text::bigint + next)::text::xid8 WHERE undone_in < era::text::xid8;
  END IF;
END
$$;
SELECT set_config('lmi.erasing', 'off', true);

-- Who was shut out since would be let in again: everybody signs in anew, and links that were handed out lead nowhere.
UPDATE token_family SET revoked_at = statement_timestamp(), reason = 'signed_out' WHERE revoked_at IS NULL;
DELETE FROM one_time_token;

-- Copies that are kept by a feed may be ahead of what is there now. Without their audience, their cursors are refused, and
-- say how to begin anew; webhooks tell it their receivers.
DELETE FROM audience;

-- What was about to be sent may have been sent since.
UPDATE webhook_delivery SET state = 'skipped' WHERE state = 'pending';
UPDATE webhook_progress SET heard = NULL, failures = 0, failing_since = NULL, next_attempt_at = NULL, lease = NULL,
  leased_until = NULL;
