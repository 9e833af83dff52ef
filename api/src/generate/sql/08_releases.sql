-- What everybody reads of an agenda is its release, made as the service makes it.
SELECT release_agenda(pg_temp.key('agenda_release', number), id, NULL, pg_temp.entered(number))
FROM (SELECT number, id FROM shape WHERE is_published ORDER BY number) AS published;
