-- What everybody reads from tables without a history of their own is told of, too: whoever keeps answers must hear of it.
CREATE TRIGGER region_told AFTER INSERT OR UPDATE OR DELETE ON region
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER county_told AFTER INSERT OR UPDATE OR DELETE ON county
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER alias_told AFTER INSERT OR UPDATE OR DELETE ON alias
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_room_told AFTER INSERT OR UPDATE OR DELETE ON released_room
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_session_block_told AFTER INSERT OR UPDATE OR DELETE ON released_session_block
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_session_told AFTER INSERT OR UPDATE OR DELETE ON released_session
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_session_relation_told AFTER INSERT OR UPDATE OR DELETE ON released_session_relation
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_slot_told AFTER INSERT OR UPDATE OR DELETE ON released_slot
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
CREATE TRIGGER released_speaker_told AFTER INSERT OR UPDATE OR DELETE ON released_speaker
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
-- Not when something is written by whoever answers: nobody is shown it before a result has counted it.
CREATE TRIGGER written_answer_told AFTER UPDATE OR DELETE ON written_answer
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
