-- How experienced with collaboration a team can say that it is, by convening, in the order of a programme.
CREATE TABLE experience_level (
  id uuid CONSTRAINT experience_level_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT experience_level_convening_fkey REFERENCES convening ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT experience_level_position_range CHECK (position > 0),
  title title NOT NULL,
  description text CONSTRAINT experience_level_description_length CHECK (char_length(description) BETWEEN 1 AND 20000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT experience_level_position_once UNIQUE (convening_id, position) DEFERRABLE,
  CONSTRAINT experience_level_of_convening UNIQUE (id, convening_id)
);

-- What teams of one level discuss among themselves.
CREATE TABLE focus_question (
  id uuid CONSTRAINT focus_question_pkey PRIMARY KEY,
  level_id uuid NOT NULL CONSTRAINT focus_question_level_fkey REFERENCES experience_level ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT focus_question_position_range CHECK (position > 0),
  text text NOT NULL CONSTRAINT focus_question_text_length CHECK (char_length(text) BETWEEN 1 AND 20000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT focus_question_position_once UNIQUE (level_id, position) DEFERRABLE
);

-- What a team makes of its time together, as far as those who run the convening may know. Its version is the team's.
CREATE TABLE team_time (
  team_id uuid CONSTRAINT team_time_pkey PRIMARY KEY,
  convening_id uuid NOT NULL,
  level_id uuid,
  headline title,
  CONSTRAINT team_time_team_fkey FOREIGN KEY (team_id, convening_id) REFERENCES team (id, convening_id) ON DELETE CASCADE,
  CONSTRAINT team_time_level_fkey FOREIGN KEY (level_id, convening_id) REFERENCES experience_level (id, convening_id)
);
CREATE INDEX team_time_level_idx ON team_time (level_id);

-- The focus questions of the level that a team has given itself.
CREATE VIEW team_focus_question AS
  SELECT team_time.team_id, focus_question.id AS question_id FROM team_time JOIN focus_question USING (level_id);

-- What a team wrote down for itself alone: nobody but who leads it reads that, the history included.
CREATE TABLE team_note (
  id uuid CONSTRAINT team_note_pkey PRIMARY KEY,
  team_id uuid NOT NULL CONSTRAINT team_note_team_fkey REFERENCES team ON DELETE CASCADE,
  -- The question that it answers, and its words at that time: they stay when the question is changed or taken away.
  question_id uuid CONSTRAINT team_note_question_fkey REFERENCES focus_question ON DELETE SET NULL,
  question_as_asked text,
  text text NOT NULL CONSTRAINT team_note_text_length CHECK (char_length(text) BETWEEN 1 AND 20000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT team_note_question_whole CHECK (question_id IS NULL OR question_as_asked IS NOT NULL)
);
CREATE INDEX team_note_team_idx ON team_note (team_id, created_at, id);
CREATE INDEX team_note_question_idx ON team_note (question_id);

-- Which of the next offerings a district would like to take part in.
CREATE TABLE interest (
  id uuid CONSTRAINT interest_pkey PRIMARY KEY,
  offering_id uuid NOT NULL CONSTRAINT interest_offering_fkey REFERENCES offering,
  district_id uuid NOT NULL CONSTRAINT interest_district_fkey REFERENCES district,
  note text CONSTRAINT interest_note_length CHECK (char_length(note) BETWEEN 1 AND 2000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT interest_once UNIQUE (offering_id, district_id)
);
CREATE INDEX interest_district_idx ON interest (district_id);

-- The offering that a convening was made of.
ALTER TABLE convening ADD COLUMN offering_id uuid CONSTRAINT convening_offering_fkey REFERENCES offering;
CREATE INDEX convening_offering_idx ON convening (offering_id);

CREATE TRIGGER experience_level_change AFTER INSERT OR UPDATE OR DELETE ON experience_level
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER focus_question_change AFTER INSERT OR UPDATE OR DELETE ON focus_question
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
CREATE TRIGGER team_time_change AFTER INSERT OR UPDATE OR DELETE ON team_time
  FOR EACH ROW EXECUTE FUNCTION record_change('team_id');
CREATE TRIGGER team_note_change AFTER INSERT OR UPDATE OR DELETE ON team_note
  FOR EACH ROW EXECUTE FUNCTION record_change('id', 'text', 'question_as_asked');
CREATE TRIGGER interest_change AFTER INSERT OR UPDATE OR DELETE ON interest
  FOR EACH ROW EXECUTE FUNCTION record_change('id');
