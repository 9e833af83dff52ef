-- What calendars are told of an agenda: each time that a session has, and each day of a session without one. For all that
-- any release told, the last release that changed it, which may be the one that took it off. Calendars keep what they were
-- told until they are told otherwise, so that what is gone has to be named; what it was is not said.
CREATE FUNCTION agenda_events(of_convening uuid)
RETURNS TABLE (of_slot boolean, id uuid, stands boolean, number integer, changed_at timestamptz)
LANGUAGE sql STABLE AS $$
  WITH release AS (
    SELECT number, released_at, content FROM agenda_release WHERE convening_id = of_convening
  ), session AS (
    SELECT number, key, value FROM release, jsonb_each(content -> 'session')
  ), room AS (
    SELECT number, key, value FROM release, jsonb_each(content -> 'room')
  ), timed AS (
    SELECT number, key, value, value ->> 'session_id' AS session, value ->> 'room_id' AS room
    FROM release, jsonb_each(content -> 'slot') WHERE value ->> 'starts_at' IS NOT NULL
  ), spoken AS (
    SELECT number, value ->> 'session_id' AS session, jsonb_object_agg(key, value) AS speakers
    FROM release, jsonb_each(content -> 'speaker') GROUP BY number, session
  ), told AS (
    SELECT timed.number, true AS of_slot, timed.key, timed.session,
      jsonb_build_array(timed.value, session.value, room.value) AS event
    FROM timed JOIN session ON session.number = timed.number AND session.key = timed.session
    LEFT JOIN room ON room.number = timed.number AND room.key = timed.room
    UNION ALL
    SELECT number, false, key, key, value FROM session
    WHERE value ->> 'date' IS NOT NULL
      AND NOT EXISTS (SELECT FROM timed WHERE timed.number = session.number AND timed.session = session.key)
  ), step AS (
    SELECT told.number, told.of_slot, told.key,
      lag(told.number) OVER before IS DISTINCT FROM told.number - 1 OR lag(event) OVER before IS DISTINCT FROM event
        OR lag(speakers) OVER before IS DISTINCT FROM speakers AS changed
    FROM told LEFT JOIN spoken ON spoken.number = told.number AND spoken.session = told.session
    WINDOW before AS (PARTITION BY told.of_slot, told.key ORDER BY told.number)
  ), last AS (
    SELECT step.of_slot, step.key, max(step.number) AS told, max(step.number) FILTER (WHERE changed) AS changed
    FROM step GROUP BY step.of_slot, step.key
  )
  SELECT last.of_slot, last.key::uuid, last.told = newest.number, release.number, release.released_at
  FROM last CROSS JOIN (SELECT max(number) AS number FROM release) AS newest
  JOIN release ON release.number = CASE WHEN last.told = newest.number THEN last.changed ELSE last.told + 1 END
$$;
