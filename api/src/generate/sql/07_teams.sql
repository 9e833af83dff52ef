-- Districts are counted off by a step that is prime to how many there are, so that none has two teams at one convening.
INSERT INTO team (id, district_id, convening_id, status, attended_on, statement, submitted_at, decision_version,
  waitlist_position, created_at, updated_at)
SELECT pg_temp.key('team', number), pg_temp.key('district', district), convening, status,
  CASE WHEN status = 'attended' THEN starts_on END,
  CASE WHEN status <> 'draft' THEN 'We would like to come, and this was made up for trials and measurements.' END,
  CASE WHEN status <> 'draft' THEN pg_temp.entered(number) END,
  CASE WHEN status IN ('draft', 'submitted') THEN 0 ELSE 1 END,
  CASE WHEN status = 'waitlisted' THEN row_number() OVER (PARTITION BY convening, status ORDER BY number) END,
  pg_temp.entered(number), pg_temp.entered(number)
FROM (
  SELECT first_team + place AS number, id AS convening, starts_on,
    (pg_temp.pick('district', shape.number, pg_temp.districts()) + place * 7919) % pg_temp.districts() AS district,
    CASE shape.status
      WHEN 'completed' THEN CASE WHEN chance < 88 THEN 'attended' WHEN chance < 92 THEN 'no_show' WHEN chance < 95 THEN 'withdrawn'
        WHEN chance < 97 THEN 'declined' ELSE 'not_selected' END
      WHEN 'agenda_published' THEN CASE WHEN chance < 80 THEN 'confirmed' WHEN chance < 85 THEN 'declined' WHEN chance < 92 THEN 'waitlisted'
        ELSE 'not_selected' END
      WHEN 'teams_selected' THEN CASE WHEN chance < 60 THEN 'selected' WHEN chance < 80 THEN 'waitlisted' ELSE 'not_selected' END
      WHEN 'applications_closed' THEN CASE WHEN chance < 95 THEN 'submitted' ELSE 'withdrawn' END
      ELSE CASE WHEN chance < 60 THEN 'submitted' ELSE 'draft' END END AS status
  FROM shape, generate_series(0, teams - 1) AS place, LATERAL (SELECT pg_temp.pick('status', first_team + place, 100) AS chance) AS chances
) AS made ORDER BY number;
ANALYZE team;

-- Each district has had four holders of each seat; one of them is in the team.
INSERT INTO team_member (id, team_id, convening_id, person_id, seat, is_lead, checked_in_at, created_at, updated_at)
SELECT pg_temp.key('team_member', 4 * number + seat), team, convening,
  pg_temp.key('person', district + pg_temp.districts() * (4 * seat + pg_temp.pick('holder', number, 4))),
  ('{superintendent,school_board_member,teachers_union_president,classified_union_president}'::text[])[seat + 1], seat = 0,
  CASE WHEN attended_on IS NOT NULL AND pg_temp.pick('present', 4 * number + seat, 20) > 0
    THEN pg_temp.at(attended_on, 8) + pg_temp.pick('arrival', 4 * number + seat, 60) * '1 minute'::interval END,
  pg_temp.entered(4 * number + seat), pg_temp.entered(4 * number + seat)
FROM (
  SELECT first_team + place AS number, shape.id AS convening, pg_temp.key('team', first_team + place) AS team,
    (pg_temp.pick('district', shape.number, pg_temp.districts()) + place * 7919) % pg_temp.districts() AS district
  FROM shape, generate_series(0, teams - 1) AS place
) AS made JOIN team ON team.id = made.team, generate_series(0, 3) AS seat ORDER BY number, seat;

INSERT INTO decision_publication (convening_id, published_at, answer_due_at, answer_hours)
SELECT id, pg_temp.entered(number), pg_temp.entered(number) + '14 days', 336 FROM shape WHERE is_published ORDER BY number;

INSERT INTO interest (id, offering_id, district_id, created_at, updated_at)
SELECT pg_temp.key('interest', number), pg_temp.key('offering', 1 + pg_temp.pick('wish', number, 5)), pg_temp.key('district', number),
  pg_temp.entered(number), pg_temp.entered(number)
FROM generate_series(0, pg_temp.districts() - 1, 2) AS number ORDER BY number;
ANALYZE team_member;
