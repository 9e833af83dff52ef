DROP FUNCTION agenda_events;
