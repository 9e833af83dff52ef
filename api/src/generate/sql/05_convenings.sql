INSERT INTO composition_rule (id, version, created_at) VALUES (pg_temp.key('composition_rule', 0), 1, pg_temp.entered(0));
INSERT INTO required_seat (id, rule_id, position, seat, minimum, maximum, label)
SELECT pg_temp.key('required_seat', position), pg_temp.key('composition_rule', 0), position, seat, 1, 1, label
FROM (VALUES (1, 'superintendent', 'District Superintendent'), (2, 'school_board_member', 'School Board member'),
  (3, 'teachers_union_president', 'Teachers Union or Association President'),
  (4, 'classified_union_president', 'Classified Employees Union or Association President')) AS seats (position, seat, label);

INSERT INTO offering (id, position, name, kind, status, high_interest, created_at, updated_at)
SELECT pg_temp.key('offering', position), position, name, kind, 'offered', position < 3, pg_temp.entered(position), pg_temp.entered(position)
FROM (VALUES (1, 'Regional convenings', 'regional_convening'), (2, 'Institutes', 'institute'), (3, 'Summits', 'summit'),
  (4, 'Symposia', 'symposium'), (5, 'Webinars', 'webinar')) AS offerings (position, name, kind);

INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, description, starts_on,
  ends_on, venue_name, venue_city, venue_county_id, organizer_id, region_id, offering_id, applications_open_at,
  applications_close_at, roster_freezes_at, composition_rule_id, team_capacity, objectives, created_at, updated_at)
SELECT id, pg_temp.slug(title, number), title, kind, status, true, is_published, is_published,
  'A made-up convening on ' || subject || ', for trials and measurements.', starts_on, starts_on + (number % 2)::integer,
  pg_temp.plant('venue', number) || ' Hall', city, county_id, pg_temp.key('organization', pg_temp.favour('organizer', number, pg_temp.organizations())),
  region_id, pg_temp.key('offering', offering), opens_at, closes_at,
  CASE WHEN is_published THEN closes_at + '30 days' END, pg_temp.key('composition_rule', 0), greatest(teams, 1),
  ARRAY['Share what works in ' || subject || '.', 'Plan the year together.'], pg_temp.entered(number), pg_temp.entered(number)
FROM (
  SELECT shape.*, city, place.id AS county_id, region_id, kind, subject, offering,
    city || ' ' || initcap(replace(kind, '_', ' ')) || ' ' || extract(year FROM starts_on) AS title,
    CASE status WHEN 'completed' THEN pg_temp.at(starts_on - 150, 9) WHEN 'applications_open' THEN '2025-12-01 17:00Z' ELSE '2025-09-01 16:00Z' END AS opens_at,
    CASE status WHEN 'completed' THEN pg_temp.at(starts_on - 90, 17) WHEN 'applications_open' THEN '2027-01-16 01:00Z' ELSE '2025-12-02 01:00Z' END AS closes_at
  FROM shape JOIN place ON place.number = pg_temp.pick('venue', shape.number, 58),
    LATERAL (SELECT pg_temp.plant('city', shape.number) || ' Springs' AS city, 1 + pg_temp.pick('offering', shape.number, 5) AS offering,
      ('{interest-based bargaining,peer assistance,shared decisions,school climate,joint budgets}'::text[])[
        1 + pg_temp.pick('subject', shape.number, 5)] AS subject) AS words,
    LATERAL (SELECT ('{regional_convening,institute,summit,symposium,webinar}'::text[])[offering] AS kind) AS kinds
) AS made ORDER BY number;

INSERT INTO strand (id, convening_id, position, title)
SELECT pg_temp.key('strand', 3 * number + position), id, position, ('{Bargaining,Budgets,Classrooms}'::text[])[position]
FROM shape, generate_series(1, 3) AS position ORDER BY number, position;

INSERT INTO session_block (id, convening_id, position, title, rounds, sessions_per_participant, sessions_per_team)
SELECT pg_temp.key('session_block', 2 * number + position), id, position, ('{Morning,Afternoon}'::text[])[position], 3, 3, NULL
FROM shape, generate_series(1, 2) AS position ORDER BY number, position;

INSERT INTO sponsorship (id, convening_id, organization_id, role, position, created_at, updated_at)
SELECT pg_temp.key('sponsorship', 3 * number + place), id,
  pg_temp.key('organization', (pg_temp.pick('sponsor', number, pg_temp.organizations()) + 7 * place) % pg_temp.organizations()),
  ('{host,co_sponsor,funder}'::text[])[place + 1], 1, pg_temp.entered(3 * number + place), pg_temp.entered(3 * number + place)
FROM shape, generate_series(0, 2) AS place ORDER BY number, place;

INSERT INTO delegation (id, convening_id, organization_id, created_at, updated_at)
SELECT pg_temp.key('delegation', 4 * number + place), id,
  pg_temp.key('organization', (pg_temp.pick('delegation', number, pg_temp.organizations()) + 11 * place) % pg_temp.organizations()),
  pg_temp.entered(4 * number + place), pg_temp.entered(4 * number + place)
FROM shape, generate_series(0, 3) AS place ORDER BY number, place;

INSERT INTO metric (id, convening_id, position, name, unit, value, qualifier, status, as_of, created_at, updated_at)
SELECT pg_temp.key('metric', number), id, 1, 'Participants', 'people', 4 * teams, 'about', 'preliminary', starts_on,
  pg_temp.entered(number), pg_temp.entered(number)
FROM shape WHERE status = 'completed' ORDER BY number;
ANALYZE convening, strand, session_block;
