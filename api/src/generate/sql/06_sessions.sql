-- Six sessions in a room, one after the other; as many rooms as that takes.
INSERT INTO room (id, convening_id, name, capacity, created_at, updated_at)
SELECT pg_temp.key('room', first_session + place), id, 'Room ' || place + 1, 40 + 10 * (place % 7)::integer,
  pg_temp.entered(first_session + place), pg_temp.entered(first_session + place)
FROM shape, generate_series(0, (sessions + 5) / 6 - 1) AS place ORDER BY first_session + place;

CREATE TEMPORARY TABLE programme ON COMMIT DROP AS
SELECT first_session + place AS number, place, shape.id AS convening_id, shape.number AS convening, starts_on,
  pg_temp.key('session', first_session + place) AS id,
  CASE place WHEN 0 THEN 'plenary' WHEN 1 THEN 'panel' ELSE 'breakout' END AS format,
  -- The room, and which of the six it is there.
  place % ((sessions + 5) / 6) AS room, place / ((sessions + 5) / 6) AS turn
FROM shape, generate_series(0, sessions - 1) AS place;
CREATE UNIQUE INDEX ON programme (number);
ANALYZE room, programme;

INSERT INTO session (id, convening_id, slug, number, title, format, strand_id, block_id, abstract, duration_minutes, date,
  questions, created_at, updated_at)
SELECT id, convening_id, pg_temp.slug(title, place), place + 1, title, format,
  pg_temp.key('strand', 3 * convening + 1 + place % 3),
  CASE WHEN format = 'breakout' THEN pg_temp.key('session_block', 2 * convening + 1 + turn / 3) END,
  'How districts and unions work on ' || lower(title) || ': made up for trials and measurements.', 50, starts_on,
  CASE WHEN format = 'panel' THEN ARRAY['What changed first?', 'What would you do again?'] ELSE '{}' END,
  pg_temp.entered(number), pg_temp.entered(number)
FROM (
  SELECT *, ('{Building,Changing,Finding,Keeping,Measuring,Planning,Sharing,Starting}'::text[])[1 + pg_temp.pick('doing', number, 8)]
    || ' ' || ('{agreements,budgets,calendars,classrooms,evaluations,mentors,schedules,teams,trust}'::text[])[1 + pg_temp.pick('what', number, 9)]
    || ' ' || ('{after a strike,at small schools,from scratch,in a large district,over years,together,with data}'::text[])[
      1 + pg_temp.pick('how', number, 7)] AS title
  FROM programme
) AS made ORDER BY number;

INSERT INTO slot (id, session_id, convening_id, round, room_id, starts_at, ends_at, capacity, created_at, updated_at)
SELECT pg_temp.key('slot', programme.number), programme.id, convening_id,
  CASE WHEN format = 'breakout' THEN 1 + (turn % 3)::integer END,
  pg_temp.key('room', first_session + room), pg_temp.at(programme.starts_on, 9 + turn), pg_temp.at(programme.starts_on, 9.75 + turn),
  40 + 10 * (room % 7)::integer, pg_temp.entered(programme.number), pg_temp.entered(programme.number)
FROM programme JOIN shape ON shape.number = convening ORDER BY programme.number;
ANALYZE session, slot;

-- Two to four speakers each. Nobody speaks twice at one convening: those who do are counted off, by a step that is prime to
-- how many there are.
INSERT INTO speaker (id, session_id, role, position, person_id, organization_id, district_id, name_as_shown, title_as_shown,
  created_at, updated_at)
SELECT pg_temp.key('speaker', speech), session, CASE WHEN format = 'panel' THEN CASE place WHEN 0 THEN 'moderator' ELSE 'panelist' END
    WHEN format = 'plenary' THEN 'speaker' ELSE 'presenter' END,
  place + 1, person_id, affiliation.organization_id, affiliation.district_id, person.name, affiliation.title,
  pg_temp.entered(speech), pg_temp.entered(speech)
FROM (
  SELECT 4 * number + turn AS speech, id AS session, format, turn::integer AS place, CASE
      -- One of eight is of a district.
      WHEN pg_temp.pick('of_district', 4 * number + turn, 8) = 0
      THEN (pg_temp.pick('speaker', convening, pg_temp.first_of_organizations()) + (4 * programme.place + turn) * 7919)
        % pg_temp.first_of_organizations()
      ELSE pg_temp.first_of_organizations()
        + (pg_temp.pick('speaker', convening, pg_temp.people() - pg_temp.first_of_organizations()) + (4 * programme.place + turn) * 7919)
          % (pg_temp.people() - pg_temp.first_of_organizations()) END AS number
  FROM (SELECT number, place, convening, id, format FROM programme) AS programme, generate_series(0, 1 + number % 3) AS turn
) AS made
JOIN affiliation ON affiliation.id = pg_temp.key('affiliation', made.number) JOIN person ON person.id = person_id
ORDER BY speech;

INSERT INTO resource (id, title, kind, url, availability, created_at, updated_at)
SELECT pg_temp.key('resource', number), 'Slides ' || number + 1, 'slides', 'https://slides.example.org/' || number + 1, 'available',
  pg_temp.entered(number), pg_temp.entered(number)
FROM programme WHERE number % 3 = 0 ORDER BY number;
INSERT INTO resource_subject (id, resource_id, session_id)
SELECT pg_temp.key('resource_subject', number), pg_temp.key('resource', number), id FROM programme WHERE number % 3 = 0 ORDER BY number;
ANALYZE speaker;
