ALTER TABLE team_member DROP COLUMN checked_in_at;
ALTER TABLE team
  DROP COLUMN statement,
  DROP COLUMN submitted_at,
  DROP COLUMN decision_version,
  DROP COLUMN decision_reason,
  DROP COLUMN waitlist_position,
  DROP COLUMN answer_due_at;
