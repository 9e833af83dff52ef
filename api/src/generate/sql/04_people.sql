-- Sixteen of about twenty people are a district's: the holders of four seats, one after the other. The others are of
-- organizations.
INSERT INTO person (id, slug, name, honorific, biography, is_public, created_at, updated_at)
SELECT pg_temp.key('person', number), pg_temp.slug(name, number), name,
  CASE WHEN number % 7 = 0 THEN 'Dr.' END,
  CASE WHEN number % 5 = 0 THEN 'Nobody whom one could meet: made up for trials and measurements.' END,
  number % 20 = 19, pg_temp.entered(number), pg_temp.entered(number)
FROM (
  SELECT number, pg_temp.first_name(number)
    || CASE WHEN number % 2 = 0 THEN ' ' || chr(65 + pg_temp.pick('middle', number, 26)::integer) || '. ' ELSE ' ' END
    || pg_temp.last_name(number) AS name
  FROM generate_series(0, pg_temp.people() - 1) AS number
) AS made ORDER BY number;
ANALYZE organization, district, person;

INSERT INTO person_contact (person_id, email, phone)
SELECT pg_temp.key('person', number), slug || '@example.org',
  CASE WHEN number % 3 = 0 THEN '555-01' || lpad((number % 100)::text, 2, '0') END
FROM generate_series(0, pg_temp.people() - 1) AS number JOIN person ON id = pg_temp.key('person', number) ORDER BY number;

INSERT INTO affiliation (id, person_id, organization_id, district_id, title, starts_on, created_at, updated_at)
SELECT pg_temp.key('affiliation', number), pg_temp.key('person', number),
  CASE WHEN NOT of_district THEN pg_temp.organization_of(number) END,
  CASE WHEN of_district THEN pg_temp.key('district', number % pg_temp.districts()) END,
  CASE WHEN of_district THEN ('{Superintendent,Trustee,President of the teachers union,President of the classified union}'::text[])[
      1 + (number / pg_temp.districts() / 4)::integer]
    ELSE ('{Director,President,Professor,Program officer,Researcher}'::text[])[1 + pg_temp.pick('title', number, 5)] END,
  '2010-07-01'::date + 365 * (number / pg_temp.districts() % 4)::integer, pg_temp.entered(number), pg_temp.entered(number)
FROM (SELECT number, number < pg_temp.first_of_organizations() AS of_district FROM generate_series(0, pg_temp.people() - 1) AS number) AS made
ORDER BY number;

INSERT INTO partnership (id, district_id, organization_id, since_year, codified_in, description, created_at, updated_at)
SELECT pg_temp.key('partnership', number), pg_temp.key('district', number),
  -- Every third organization is a local union.
  pg_temp.key('organization', 2 + 3 * pg_temp.favour('partner', number, pg_temp.organizations() / 3)),
  1985 + pg_temp.pick('since', number, 40)::integer, 'An agreement that nobody signed', NULL, pg_temp.entered(number), pg_temp.entered(number)
FROM generate_series(0, pg_temp.districts() - 1, 4) AS number ORDER BY number;
