-- Seats are exported and found by their ids, as everything is that has one.
ALTER TABLE seat_assignment ADD COLUMN version integer NOT NULL DEFAULT 1;

-- A seat is in the round of its slot, also where the slot comes into a round only later: the foreign key alone follows a
-- round that changes, and not one that was not there.
CREATE FUNCTION seat_in_round_of_slot() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.round := (SELECT round FROM slot WHERE id = NEW.slot_id);
  RETURN NEW;
END
$$;
CREATE TRIGGER seat_assignment_in_round BEFORE INSERT ON seat_assignment
  FOR EACH ROW EXECUTE FUNCTION seat_in_round_of_slot();

CREATE FUNCTION slot_takes_seats_along() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE seat_assignment SET round = NEW.round WHERE slot_id = NEW.id AND round IS DISTINCT FROM NEW.round;
  RETURN NULL;
END
$$;
CREATE TRIGGER slot_round_with_seats AFTER UPDATE OF round ON slot
  FOR EACH ROW WHEN (OLD.round IS NULL AND NEW.round IS NOT NULL) EXECUTE FUNCTION slot_takes_seats_along();

-- A team that steps back frees the seats of its members.
CREATE FUNCTION team_frees_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM seat_assignment AS seat USING team_member AS member
  WHERE member.team_id = NEW.id AND seat.member_id = member.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER team_withdrawn_frees_seats AFTER UPDATE OF status ON team
  FOR EACH ROW WHEN (NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn') EXECUTE FUNCTION team_frees_seats();

-- Which sessions a team covers: those in which members of it have seats.
CREATE VIEW covered_session AS
  SELECT DISTINCT member.team_id, seat.session_id
  FROM seat_assignment AS seat JOIN team_member AS member ON member.id = seat.member_id;

-- Who belongs to a role-alike meeting: those who have its seat in a team of the same convening.
CREATE VIEW role_alike AS
  SELECT slot.id AS slot_id, member.id AS member_id
  FROM slot JOIN team_member AS member ON member.convening_id = slot.convening_id AND member.seat = slot.audience;

-- Who was there is asked of a whole convening while everybody arrives.
CREATE INDEX team_member_convening_idx ON team_member (convening_id, seat);
