DROP TRIGGER session_block_with_seats ON session;
DROP FUNCTION session_takes_seats_along;
CREATE OR REPLACE FUNCTION seat_in_round_of_slot() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.round := (SELECT round FROM slot WHERE id = NEW.slot_id);
  RETURN NEW;
END
$$;
DROP INDEX seat_assignment_session_idx;
DROP INDEX seat_assignment_round_once;
ALTER TABLE seat_assignment DROP CONSTRAINT seat_assignment_block_fkey, DROP COLUMN block_id;
ALTER TABLE session DROP CONSTRAINT session_of_block;
-- Of seats in one round of two blocks, one stays: the earlier step knows rounds only.
DELETE FROM seat_assignment AS seat USING seat_assignment AS other
WHERE other.member_id = seat.member_id AND other.round = seat.round AND other.id < seat.id;
ALTER TABLE seat_assignment ADD CONSTRAINT seat_assignment_round_once UNIQUE (member_id, round);
