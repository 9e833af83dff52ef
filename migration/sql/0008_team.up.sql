CREATE TABLE team (
  id uuid CONSTRAINT team_pkey PRIMARY KEY,
  district_id uuid NOT NULL CONSTRAINT team_district_fkey REFERENCES district,
  convening_id uuid NOT NULL CONSTRAINT team_convening_fkey REFERENCES convening,
  status text NOT NULL CONSTRAINT team_status_known CHECK (status IN (
    'draft', 'submitted', 'selected', 'waitlisted', 'not_selected', 'offered', 'confirmed', 'declined', 'expired',
    'withdrawn', 'attended', 'no_show')),
  -- The day on which the record says that it took part: a document's day, or the day of the check-in.
  attended_on date,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT team_once UNIQUE (district_id, convening_id),
  CONSTRAINT team_of_convening UNIQUE (id, convening_id),
  CONSTRAINT team_attended_on_a_day CHECK ((status = 'attended') = (attended_on IS NOT NULL))
);
CREATE INDEX team_convening_idx ON team (convening_id, status);

CREATE TABLE team_member (
  id uuid CONSTRAINT team_member_pkey PRIMARY KEY,
  team_id uuid NOT NULL,
  convening_id uuid NOT NULL,
  person_id uuid NOT NULL CONSTRAINT team_member_person_fkey REFERENCES person,
  seat text NOT NULL CONSTRAINT team_member_seat_known CHECK (seat IN (
    'superintendent', 'school_board_member', 'teachers_union_president', 'classified_union_president', 'other')),
  -- The rank of the seat, in the order in which the composition rule of 2015 names them.
  seat_rank integer NOT NULL GENERATED ALWAYS AS (array_position(ARRAY[
    'superintendent', 'school_board_member', 'teachers_union_president', 'classified_union_president', 'other'],
    seat)) STORED,
  is_lead boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT team_member_team_fkey FOREIGN KEY (team_id, convening_id) REFERENCES team (id, convening_id),
  CONSTRAINT team_member_once UNIQUE (convening_id, person_id),
  CONSTRAINT team_member_of_convening UNIQUE (id, convening_id)
);
CREATE INDEX team_member_order_idx ON team_member (team_id, seat_rank, id);
CREATE INDEX team_member_person_idx ON team_member (person_id);
CREATE UNIQUE INDEX team_member_one_lead ON team_member (team_id) WHERE is_lead;

-- A member's place in a slot: one in each round, never the same session twice.
CREATE TABLE seat_assignment (
  id uuid CONSTRAINT seat_assignment_pkey PRIMARY KEY,
  member_id uuid NOT NULL,
  convening_id uuid NOT NULL,
  slot_id uuid NOT NULL,
  session_id uuid NOT NULL,
  round integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT seat_assignment_member_fkey FOREIGN KEY (member_id, convening_id)
    REFERENCES team_member (id, convening_id) ON DELETE CASCADE,
  CONSTRAINT seat_assignment_slot_fkey FOREIGN KEY (slot_id, session_id, convening_id)
    REFERENCES slot (id, session_id, convening_id),
  CONSTRAINT seat_assignment_round_fkey FOREIGN KEY (slot_id, round) REFERENCES slot (id, round) ON UPDATE CASCADE,
  CONSTRAINT seat_assignment_session_once UNIQUE (member_id, session_id),
  CONSTRAINT seat_assignment_round_once UNIQUE (member_id, round)
);
CREATE INDEX seat_assignment_slot_idx ON seat_assignment (slot_id);
