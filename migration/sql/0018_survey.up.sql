-- Polls, evaluations and collections of headlines. Who has answered and what was answered stand in tables that nothing
-- leads between: see docs/decisions/0017-answers-without-people.md.
CREATE TABLE survey (
  id uuid CONSTRAINT survey_pkey PRIMARY KEY,
  -- NULL where it is of no convening.
  convening_id uuid CONSTRAINT survey_convening_fkey REFERENCES convening,
  kind text NOT NULL CONSTRAINT survey_kind_known CHECK (kind IN ('poll', 'evaluation', 'headline')),
  title title NOT NULL,
  introduction text CONSTRAINT survey_introduction_length CHECK (char_length(introduction) BETWEEN 1 AND 20000),
  audience text NOT NULL
    CONSTRAINT survey_audience_known CHECK (audience IN ('public_link', 'participants', 'one_per_team')),
  status text NOT NULL CONSTRAINT survey_status_known CHECK (status IN ('draft', 'open', 'closed', 'published')),
  opens_at timestamptz,
  closes_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT survey_window CHECK (closes_at > opens_at),
  -- Only a convening has participants and teams.
  CONSTRAINT survey_audience_somewhere CHECK (audience = 'public_link' OR convening_id IS NOT NULL)
);
CREATE INDEX survey_convening_idx ON survey (convening_id, created_at);

CREATE TABLE survey_item (
  id uuid CONSTRAINT survey_item_pkey PRIMARY KEY,
  survey_id uuid NOT NULL CONSTRAINT survey_item_survey_fkey REFERENCES survey ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT survey_item_position_range CHECK (position > 0),
  kind text NOT NULL CONSTRAINT survey_item_kind_known
    CHECK (kind IN ('likert', 'single_choice', 'multiple_choice', 'number', 'open_text', 'headline')),
  prompt title NOT NULL,
  options text[] NOT NULL DEFAULT '{}',
  -- Between which whole numbers the answer is.
  minimum integer,
  maximum integer,
  required boolean NOT NULL DEFAULT false,
  CONSTRAINT survey_item_position_once UNIQUE (survey_id, position),
  CONSTRAINT survey_item_options_of_choices
    CHECK (cardinality(options) BETWEEN CASE WHEN kind IN ('single_choice', 'multiple_choice') THEN 2 ELSE 0 END
      AND CASE WHEN kind IN ('single_choice', 'multiple_choice') THEN 50 ELSE 0 END),
  CONSTRAINT survey_item_bounds_of_numbers
    CHECK (CASE kind WHEN 'number' THEN coalesce(minimum < maximum, false) ELSE num_nonnulls(minimum, maximum) = 0 END)
);

-- Who may answer, under a hash of who that is, and whether that was done; never when. No change row is written of it.
CREATE TABLE submission_marker (
  survey_id uuid NOT NULL CONSTRAINT submission_marker_survey_fkey REFERENCES survey,
  holder bytea NOT NULL CONSTRAINT submission_marker_holder_length CHECK (octet_length(holder) = 32),
  token_hash bytea NOT NULL CONSTRAINT submission_marker_token_hash_key UNIQUE
    CONSTRAINT submission_marker_token_hash_length CHECK (octet_length(token_hash) = 32),
  used boolean NOT NULL DEFAULT false,
  CONSTRAINT submission_marker_pkey PRIMARY KEY (survey_id, holder)
);

-- The right to answer once, which whoever answers shows by a secret. Nothing leads from it to a marker or an answer.
CREATE TABLE ballot (
  hash bytea CONSTRAINT ballot_pkey PRIMARY KEY CONSTRAINT ballot_hash_length CHECK (octet_length(hash) = 32),
  survey_id uuid NOT NULL CONSTRAINT ballot_survey_fkey REFERENCES survey
);
CREATE INDEX ballot_survey_idx ON ballot (survey_id);

-- What somebody answered. Keys are random, there are no times, and no change row is written of it.
CREATE TABLE response (
  id uuid CONSTRAINT response_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  survey_id uuid NOT NULL CONSTRAINT response_survey_fkey REFERENCES survey,
  -- Whether a result has counted it; before that, nobody is shown it.
  counted boolean NOT NULL DEFAULT false
);
CREATE INDEX response_survey_idx ON response (survey_id, counted);

CREATE TABLE answer (
  id uuid CONSTRAINT answer_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Asked at the end of a transaction: rows are put into another order by taking them out and in again.
  response_id uuid NOT NULL
    CONSTRAINT answer_response_fkey REFERENCES response DEFERRABLE INITIALLY DEFERRED,
  item_id uuid NOT NULL CONSTRAINT answer_item_fkey REFERENCES survey_item,
  -- The number, or the places of what was chosen, from 1.
  chosen integer[] NOT NULL,
  CONSTRAINT answer_item_once UNIQUE (response_id, item_id)
);
CREATE INDEX answer_item_idx ON answer (item_id);

-- What somebody wrote. It stands apart from the other answers: a text may tell whose it is, and must not tell theirs.
CREATE TABLE written_answer (
  id uuid CONSTRAINT written_answer_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
  item_id uuid NOT NULL CONSTRAINT written_answer_item_fkey REFERENCES survey_item,
  text text NOT NULL CONSTRAINT written_answer_text_length CHECK (char_length(text) BETWEEN 1 AND 2000),
  moderation text NOT NULL DEFAULT 'pending'
    CONSTRAINT written_answer_moderation_known CHECK (moderation IN ('pending', 'approved', 'rejected')),
  counted boolean NOT NULL DEFAULT false
);
CREATE INDEX written_answer_item_idx ON written_answer (item_id, counted);

-- What was answered, counted. What was shown once stays as it was; a correction adds a row.
CREATE TABLE published_result (
  id uuid CONSTRAINT published_result_pkey PRIMARY KEY,
  survey_id uuid NOT NULL CONSTRAINT published_result_survey_fkey REFERENCES survey,
  number integer NOT NULL CONSTRAINT published_result_number_range CHECK (number > 0),
  status text NOT NULL
    CONSTRAINT published_result_status_known CHECK (status IN ('preliminary', 'final', 'corrected')),
  -- Why it was corrected.
  note text CONSTRAINT published_result_note_length CHECK (char_length(note) BETWEEN 1 AND 2000),
  -- How many answered; NULL for fewer than ten.
  responses integer CONSTRAINT published_result_responses_range CHECK (responses >= 10),
  -- What everybody may see, small cells and what would give them away withheld.
  tables jsonb NOT NULL,
  -- All of it, for evaluators.
  full_tables jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT published_result_number_once UNIQUE (survey_id, number),
  CONSTRAINT published_result_note_of_correction CHECK ((status = 'corrected') = (note IS NOT NULL))
);

CREATE FUNCTION refuse_changing_results() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'results are only ever added to' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER published_result_stays BEFORE UPDATE OR DELETE ON published_result
  FOR EACH ROW EXECUTE FUNCTION refuse_changing_results();
CREATE TRIGGER published_result_stays_whole BEFORE TRUNCATE ON published_result
  EXECUTE FUNCTION refuse_changing_results();

-- Puts what was answered, and who has answered, into an order that tells nothing, all of it in one transaction: neither
-- the places of rows nor the transactions that wrote them tell who answered what.
CREATE FUNCTION shuffle_answers(shuffled uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  WITH taken AS (DELETE FROM submission_marker WHERE survey_id = shuffled RETURNING *)
  INSERT INTO submission_marker SELECT * FROM taken ORDER BY random();
  WITH taken AS (DELETE FROM response WHERE survey_id = shuffled RETURNING *)
  INSERT INTO response SELECT * FROM taken ORDER BY random();
  WITH taken AS (
    DELETE FROM answer WHERE item_id IN (SELECT id FROM survey_item WHERE survey_id = shuffled) RETURNING *)
  INSERT INTO answer SELECT * FROM taken ORDER BY random();
  WITH taken AS (
    DELETE FROM written_answer WHERE item_id IN (SELECT id FROM survey_item WHERE survey_id = shuffled) RETURNING *)
  INSERT INTO written_answer SELECT * FROM taken ORDER BY random();
END
$$;

-- Tells every instance that there is something new to show of a survey.
CREATE FUNCTION tell_of_results() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('survey_results', coalesce(to_jsonb(NEW) ->> 'survey_id', to_jsonb(NEW) ->> 'id'));
  RETURN NULL;
END
$$;
CREATE TRIGGER published_result_told AFTER INSERT ON published_result
  FOR EACH ROW EXECUTE FUNCTION tell_of_results();
CREATE TRIGGER survey_status_told AFTER UPDATE OF status ON survey
  FOR EACH ROW EXECUTE FUNCTION tell_of_results();

CREATE TRIGGER survey_change AFTER INSERT OR UPDATE OR DELETE ON survey
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER survey_item_change AFTER INSERT OR UPDATE OR DELETE ON survey_item
  FOR EACH ROW EXECUTE FUNCTION record_change('survey_id');
CREATE TRIGGER published_result_change AFTER INSERT OR UPDATE OR DELETE ON published_result
  FOR EACH ROW EXECUTE FUNCTION record_change('survey_id', 'full_tables');
