-- Whoever listens is told that something was written down, once it is there to stay: what it is, is read from the table.
CREATE FUNCTION tell_of_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER change_told AFTER INSERT ON change FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changes();
