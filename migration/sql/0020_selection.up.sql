-- A selection: how the teams of a convening were chosen when more applied than fit. It is never changed: another follows it.
CREATE TABLE selection (
  id uuid CONSTRAINT selection_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT selection_convening_fkey REFERENCES convening,
  -- Which it is of its convening's, from 1.
  number integer NOT NULL CONSTRAINT selection_number_range CHECK (number > 0),
  -- The method by its name. A name never comes to mean another method, so that what was drawn can be drawn again.
  method text NOT NULL CONSTRAINT selection_method_known CHECK (method IN ('lottery-1')),
  seed text NOT NULL CONSTRAINT selection_seed_length CHECK (char_length(seed) BETWEEN 1 AND 200),
  capacity integer NOT NULL CONSTRAINT selection_capacity_range CHECK (capacity > 0),
  -- How many go onto the waiting list at most; all the rest where nothing is said.
  waitlist_size integer CONSTRAINT selection_waitlist_size_range CHECK (waitlist_size >= 0),
  quotas jsonb NOT NULL CONSTRAINT selection_quotas_form CHECK (jsonb_typeof(quotas) = 'array'),
  -- Quotas that could not be met, each with how far it was and why.
  shortfalls jsonb NOT NULL CONSTRAINT selection_shortfalls_form CHECK (jsonb_typeof(shortfalls) = 'array'),
  -- The account that made it. No foreign key: what an account did stays, also when there is no such account any more.
  made_by uuid,
  created_at timestamptz NOT NULL,
  CONSTRAINT selection_number_once UNIQUE (convening_id, number),
  CONSTRAINT selection_of_convening UNIQUE (id, convening_id)
);

-- What came of a selection for one team, with what the method knew of it then: the same again leads to the same.
CREATE TABLE selection_outcome (
  id uuid CONSTRAINT selection_outcome_pkey PRIMARY KEY,
  selection_id uuid NOT NULL,
  convening_id uuid NOT NULL,
  team_id uuid NOT NULL,
  -- The code that was drawn: the district's in the state's directory or, where it has none, its slug.
  code text NOT NULL CONSTRAINT selection_outcome_code_length CHECK (char_length(code) BETWEEN 1 AND 120),
  region_number integer,
  kind text CONSTRAINT selection_outcome_kind_known CHECK (kind IN ('unified', 'elementary', 'high', 'county_office', 'other')),
  enrollment integer CONSTRAINT selection_outcome_enrollment_range CHECK (enrollment >= 0),
  first_time boolean NOT NULL,
  -- Whether it had its place before, and kept it.
  kept boolean NOT NULL,
  -- What was drawn for it, and where that put it in the lottery.
  draw text NOT NULL CONSTRAINT selection_outcome_draw_form CHECK (draw ~ '^[0-9a-f]{64}$'),
  lottery_place integer NOT NULL CONSTRAINT selection_outcome_lottery_place_range CHECK (lottery_place > 0),
  status text NOT NULL CONSTRAINT selection_outcome_status_known CHECK (status IN ('selected', 'waitlisted', 'not_selected')),
  waitlist_position integer CONSTRAINT selection_outcome_waitlist_position_range CHECK (waitlist_position > 0),
  reason_code text NOT NULL CONSTRAINT selection_outcome_reason_code_known CHECK (reason_code IN (
    'kept', 'drawn', 'quota', 'over_maximum', 'reserved', 'no_place')),
  reason text NOT NULL CONSTRAINT selection_outcome_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
  CONSTRAINT selection_outcome_selection_fkey FOREIGN KEY (selection_id, convening_id) REFERENCES selection (id, convening_id),
  CONSTRAINT selection_outcome_team_fkey FOREIGN KEY (team_id, convening_id) REFERENCES team (id, convening_id),
  CONSTRAINT selection_outcome_once UNIQUE (selection_id, team_id),
  CONSTRAINT selection_outcome_lottery_place_once UNIQUE (selection_id, lottery_place),
  CONSTRAINT selection_outcome_waitlist_once UNIQUE (selection_id, waitlist_position),
  CONSTRAINT selection_outcome_waitlisted_in_place CHECK ((status = 'waitlisted') = (waitlist_position IS NOT NULL))
);
CREATE INDEX selection_outcome_team_idx ON selection_outcome (team_id);

-- That decisions were published, once for a convening, and how long teams have to answer.
CREATE TABLE decision_publication (
  convening_id uuid CONSTRAINT decision_publication_pkey PRIMARY KEY
    CONSTRAINT decision_publication_convening_fkey REFERENCES convening,
  -- The selection behind the decisions, whose method is public from now on; none where all was decided by hand.
  selection_id uuid,
  published_at timestamptz NOT NULL,
  answer_due_at timestamptz NOT NULL,
  -- How long a team has to answer that is offered a place later.
  answer_hours integer NOT NULL CONSTRAINT decision_publication_answer_hours_range CHECK (answer_hours BETWEEN 1 AND 2160),
  CONSTRAINT decision_publication_selection_fkey FOREIGN KEY (selection_id, convening_id) REFERENCES selection (id, convening_id),
  CONSTRAINT decision_publication_in_time CHECK (published_at < answer_due_at)
);
CREATE UNIQUE INDEX decision_publication_selection_once ON decision_publication (selection_id);

-- Teams whose time to answer will be over.
CREATE INDEX team_answer_due_idx ON team (answer_due_at) WHERE answer_due_at IS NOT NULL;

CREATE TRIGGER selection_change AFTER INSERT OR UPDATE OR DELETE ON selection
  FOR EACH ROW EXECUTE FUNCTION record_change('convening_id');
-- In the history of the selection and not of the team, whose district would read of what is not published.
CREATE TRIGGER selection_outcome_change AFTER INSERT OR UPDATE OR DELETE ON selection_outcome
  FOR EACH ROW EXECUTE FUNCTION record_change('selection_id');
CREATE TRIGGER decision_publication_change AFTER INSERT OR UPDATE OR DELETE ON decision_publication
  FOR EACH ROW EXECUTE FUNCTION record_change('convening_id');

CREATE FUNCTION refuse_selecting_otherwise() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was selected and published stays as it is' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER selection_stays BEFORE UPDATE OR DELETE ON selection
  FOR EACH ROW EXECUTE FUNCTION refuse_selecting_otherwise();
CREATE TRIGGER selection_stays_whole BEFORE TRUNCATE ON selection EXECUTE FUNCTION refuse_selecting_otherwise();
CREATE TRIGGER selection_outcome_stays BEFORE UPDATE OR DELETE ON selection_outcome
  FOR EACH ROW EXECUTE FUNCTION refuse_selecting_otherwise();
CREATE TRIGGER selection_outcome_stays_whole BEFORE TRUNCATE ON selection_outcome EXECUTE FUNCTION refuse_selecting_otherwise();
CREATE TRIGGER decision_publication_stays BEFORE UPDATE OR DELETE ON decision_publication
  FOR EACH ROW EXECUTE FUNCTION refuse_selecting_otherwise();
CREATE TRIGGER decision_publication_stays_whole BEFORE TRUNCATE ON decision_publication EXECUTE FUNCTION refuse_selecting_otherwise();

-- Whoever gives a place back, or lets it run out, comes as little as whoever steps back.
DROP TRIGGER team_withdrawn_frees_seats ON team;
CREATE TRIGGER team_leaving_frees_seats AFTER UPDATE OF status ON team
  FOR EACH ROW WHEN (NEW.status IN ('declined', 'expired', 'withdrawn') AND OLD.status <> NEW.status)
  EXECUTE FUNCTION team_frees_seats();
