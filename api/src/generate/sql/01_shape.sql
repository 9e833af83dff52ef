-- How many sessions and teams each convening has, and of all of them which are its own: those from `first` on.
-- Even: each has as many as the others. Skewed: of every 200 convenings one is a hundred times as large as most by its
-- sessions, with a thousand teams, and ten are ten times as large.
CREATE TEMPORARY TABLE shape ON COMMIT DROP AS
WITH weighed AS (
  SELECT number,
    CASE WHEN NOT pg_temp.skewed() THEN 12.0 WHEN number % 200 = 0 THEN 100 WHEN number % 20 = 10 THEN 10 ELSE 1 END AS of_sessions,
    CASE WHEN NOT pg_temp.skewed() THEN 47.0 WHEN number % 200 = 0 THEN 1000 WHEN number % 20 = 10 THEN 200
      ELSE (9400 - 1000 - 10 * 200) / 189.0 END AS of_teams
  FROM generate_series(0, pg_temp.convenings() - 1) AS number
), bounds AS (
  SELECT number,
    round(pg_temp.sessions() * sum(of_sessions) OVER upto / sum(of_sessions) OVER ())::bigint AS sessions_upto,
    round(pg_temp.teams() * sum(of_teams) OVER upto / sum(of_teams) OVER ())::bigint AS teams_upto
  FROM weighed WINDOW upto AS (ORDER BY number)
)
SELECT number, pg_temp.key('convening', number) AS id,
  coalesce(lag(sessions_upto) OVER by_number, 0) AS first_session,
  sessions_upto - coalesce(lag(sessions_upto) OVER by_number, 0) AS sessions,
  coalesce(lag(teams_upto) OVER by_number, 0) AS first_team,
  least(teams_upto - coalesce(lag(teams_upto) OVER by_number, 0), pg_temp.districts()) AS teams,
  -- Where it stands: of twenty, sixteen are over and four are on their way.
  CASE number % 20 WHEN 1 THEN 'agenda_published' WHEN 2 THEN 'teams_selected' WHEN 3 THEN 'applications_closed'
    WHEN 4 THEN 'applications_open' ELSE 'completed' END AS status,
  number % 20 NOT IN (2, 3, 4) AS is_published,
  -- Over some years, so that those on their way are the last.
  CASE WHEN number % 20 IN (1, 2, 3, 4) THEN '2027-02-01'::date + (pg_temp.pick('day', number, 300))::integer
    ELSE '2015-02-02'::date + (pg_temp.pick('day', number, 3900))::integer END AS starts_on
FROM bounds WINDOW by_number AS (ORDER BY number);
CREATE UNIQUE INDEX ON shape (number);

-- Counties by their place in the alphabet, the largest before all others.
CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY name <> 'Los Angeles', cds_county_code) - 1 AS number, county.* FROM county;
ANALYZE shape, place;
