DROP TRIGGER team_leaving_frees_seats ON team;
CREATE TRIGGER team_withdrawn_frees_seats AFTER UPDATE OF status ON team
  FOR EACH ROW WHEN (NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn') EXECUTE FUNCTION team_frees_seats();
DROP INDEX team_answer_due_idx;
DROP TABLE decision_publication;
DROP TABLE selection_outcome;
DROP TABLE selection;
DROP FUNCTION refuse_selecting_otherwise();
