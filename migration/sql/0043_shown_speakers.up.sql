-- Whether everybody reads who speaks: as long as the agenda of the convening is published. Who is public is asked of each person
-- that is read or found, and this is the one place to look; it follows from the convening and is written by these triggers alone.
ALTER TABLE released_speaker ADD COLUMN shown boolean NOT NULL DEFAULT false;
UPDATE released_speaker AS r SET shown = true
FROM released_session AS s JOIN convening AS c ON c.id = s.convening_id
WHERE s.id = r.session_id AND c.agenda_published;
CREATE INDEX released_speaker_shown_idx ON released_speaker (person_id) WHERE shown;

CREATE FUNCTION show_speaker() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.shown := EXISTS (
    SELECT FROM released_session AS s JOIN convening AS c ON c.id = s.convening_id
    WHERE s.id = NEW.session_id AND c.agenda_published);
  RETURN NEW;
END
$$;
CREATE TRIGGER released_speaker_shown BEFORE INSERT OR UPDATE OF session_id, shown ON released_speaker
  FOR EACH ROW EXECUTE FUNCTION show_speaker();

-- Whoever changes this holds the convening, as whoever releases its agenda does: those who speak are held in the same order.
CREATE FUNCTION show_speakers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hold_those_who_speak('person', 'person_id', NEW.id);
  PERFORM hold_those_who_speak('organization', 'organization_id', NEW.id);
  PERFORM hold_those_who_speak('district', 'district_id', NEW.id);
  UPDATE released_speaker AS r SET shown = NEW.agenda_published
  FROM released_session AS s WHERE s.id = r.session_id AND s.convening_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER convening_shows_speakers AFTER UPDATE OF agenda_published ON convening
  FOR EACH ROW WHEN (OLD.agenda_published IS DISTINCT FROM NEW.agenda_published) EXECUTE FUNCTION show_speakers();
