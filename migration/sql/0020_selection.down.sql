DROP INDEX team_answer_due_idx;
DROP TABLE decision_publication;
DROP TABLE selection_outcome;
DROP TABLE selection;
DROP FUNCTION refuse_selecting_otherwise();
