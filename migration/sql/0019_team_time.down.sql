DROP INDEX convening_offering_idx;
ALTER TABLE convening DROP COLUMN offering_id;
DROP TABLE interest;
DROP TABLE team_note;
DROP VIEW team_focus_question;
DROP TABLE team_time;
DROP TABLE focus_question;
DROP TABLE experience_level;
