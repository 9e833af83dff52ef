-- What a team's life needs beyond where it stands: what it writes, what is decided on it, who came.
ALTER TABLE team
  -- The statement of interest, as the team wrote it.
  ADD COLUMN statement text CONSTRAINT team_statement_length CHECK (char_length(statement) BETWEEN 1 AND 10000),
  ADD COLUMN submitted_at timestamptz,
  -- Counts what was decided, apart from the version: whoever leads the team sees the version, and must not learn from it
  -- that something was decided before decisions are published.
  ADD COLUMN decision_version integer NOT NULL DEFAULT 0
    CONSTRAINT team_decision_version_range CHECK (decision_version >= 0),
  -- Why it was decided so, for those who decide.
  ADD COLUMN decision_reason text CONSTRAINT team_decision_reason_length CHECK (char_length(decision_reason) BETWEEN 1 AND 2000),
  -- The place on the waiting list, from 1.
  ADD COLUMN waitlist_position integer CONSTRAINT team_waitlist_position_range CHECK (waitlist_position > 0),
  -- Until when a team that was selected or offered a place can say that it comes.
  ADD COLUMN answer_due_at timestamptz,
  ADD CONSTRAINT team_submitted_in_time CHECK (status <> 'draft' OR submitted_at IS NULL),
  ADD CONSTRAINT team_waitlisted_in_place CHECK (status = 'waitlisted' OR waitlist_position IS NULL),
  ADD CONSTRAINT team_waitlist_once UNIQUE (convening_id, waitlist_position) DEFERRABLE,
  ADD CONSTRAINT team_answer_awaited CHECK (status IN ('selected', 'offered') OR answer_due_at IS NULL);

-- When a member was seen to be there.
ALTER TABLE team_member ADD COLUMN checked_in_at timestamptz;
