-- Rounds are counted within a block: somebody has one seat in each round of each block. A seat is in the block of its session.
ALTER TABLE seat_assignment ADD COLUMN block_id uuid;

-- What stood before is written down as nobody's change.
ALTER TABLE seat_assignment DISABLE TRIGGER seat_assignment_change;
UPDATE seat_assignment SET block_id = session.block_id FROM session WHERE session.id = session_id;
ALTER TABLE seat_assignment ENABLE TRIGGER seat_assignment_change;

ALTER TABLE session ADD CONSTRAINT session_of_block UNIQUE (id, block_id);
ALTER TABLE seat_assignment
  DROP CONSTRAINT seat_assignment_round_once,
  ADD CONSTRAINT seat_assignment_block_fkey FOREIGN KEY (session_id, block_id) REFERENCES session (id, block_id)
    ON UPDATE CASCADE;
-- Rounds of sessions that are in no block are counted together.
CREATE UNIQUE INDEX seat_assignment_round_once ON seat_assignment (
  member_id, coalesce(block_id, '00000000-0000-0000-0000-000000000000'), round);
CREATE INDEX seat_assignment_session_idx ON seat_assignment (session_id);

CREATE OR REPLACE FUNCTION seat_in_round_of_slot() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.round := (SELECT round FROM slot WHERE id = NEW.slot_id);
  NEW.block_id := (SELECT block_id FROM session WHERE id = NEW.session_id);
  RETURN NEW;
END
$$;

-- Seats go along with a session into its first block; the foreign key alone follows one that changes, and not one that was
-- not there.
CREATE FUNCTION session_takes_seats_along() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE seat_assignment SET block_id = NEW.block_id WHERE session_id = NEW.id AND block_id IS DISTINCT FROM NEW.block_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER session_block_with_seats AFTER UPDATE OF block_id ON session
  FOR EACH ROW WHEN (OLD.block_id IS NULL AND NEW.block_id IS NOT NULL) EXECUTE FUNCTION session_takes_seats_along();
