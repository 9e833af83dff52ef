-- What somebody who runs PostGraphile would write: lists in an order that leads through other tables, a search and a count.
CREATE SCHEMA IF NOT EXISTS bench;

CREATE OR REPLACE FUNCTION bench.convening_agenda(convening public.convening) RETURNS SETOF public.released_session
LANGUAGE sql STABLE AS $$
  SELECT * FROM public.released_session WHERE convening_id = convening.id
  ORDER BY coalesce(date, '9999-12-31'), coalesce(number, 2147483647), sort_title, id
$$;

CREATE OR REPLACE FUNCTION bench.convening_rosters(convening public.convening) RETURNS SETOF public.team
LANGUAGE sql STABLE AS $$
  SELECT team.* FROM public.team JOIN public.district ON district.id = district_id
  WHERE convening_id = convening.id ORDER BY sort_name, district.id, team.id
$$;

CREATE OR REPLACE FUNCTION bench.people_by_prefix(prefix text) RETURNS SETOF public.person LANGUAGE sql STABLE AS $$
  SELECT * FROM public.person WHERE search_vector @@ to_tsquery('simple', prefix || ':*')
    AND (is_public OR EXISTS (SELECT FROM public.released_speaker WHERE person_id = person.id))
  ORDER BY sort_name, id
$$;

CREATE OR REPLACE FUNCTION bench.teams_per_county(of_convening uuid, OUT county text, OUT teams integer) RETURNS SETOF record
LANGUAGE sql STABLE AS $$
  SELECT county.name, count(*)
  FROM public.team JOIN public.convening ON convening.id = convening_id JOIN public.district ON district.id = district_id
    JOIN public.county ON county.id = county_id
  WHERE convening_id = of_convening AND team.status = 'attended' AND decisions_published
  GROUP BY county.id ORDER BY county.sort_name
$$;
