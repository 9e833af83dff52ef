DROP TRIGGER convening_shows_speakers ON convening;
DROP FUNCTION show_speakers();
DROP TRIGGER released_speaker_shown ON released_speaker;
DROP FUNCTION show_speaker();
DROP INDEX released_speaker_shown_idx;
ALTER TABLE released_speaker DROP COLUMN shown;
