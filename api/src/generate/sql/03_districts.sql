INSERT INTO district (id, slug, name, alternate_names, cds_code, nces_id, kind, status, county_id, city, website, enrollment,
  latitude, longitude, directory_updated_on, created_at, updated_at)
SELECT pg_temp.key('district', made.number), pg_temp.slug(made.name, made.number), made.name,
  CASE WHEN made.number % 10 = 0 THEN ARRAY[made.name || ' School District'] ELSE '{}' END,
  -- Codes are numbered within the county.
  place.cds_county_code || lpad((row_number() OVER (PARTITION BY made.county ORDER BY made.number))::text, 5, '0') || '0000000',
  CASE WHEN made.number < 99999 THEN '06' || lpad((made.number + 1)::text, 5, '0') END,
  kind, CASE WHEN made.number % 97 = 96 THEN 'closed' ELSE 'active' END, place.id,
  pg_temp.plant('city', made.number) || ' Falls', 'https://district-' || made.number + 1 || '.example.org',
  -- Many are small and a few are very large.
  (50 + 80000 * power(pg_temp.pick('enrollment', made.number, 1000) / 1000.0::float8, 6))::integer,
  33 + pg_temp.pick('latitude', made.number, 80000) / 10000.0, -123 + pg_temp.pick('longitude', made.number, 80000) / 10000.0,
  '2026-01-02', pg_temp.entered(made.number), pg_temp.entered(made.number)
FROM (
  SELECT number, kind, pg_temp.favour('county', number, 58) AS county,
    pg_temp.plant('district', number) || ('{brook,dale,field,grove,hill,mont,ridge,ton,view,ville}'::text[])[1 + pg_temp.pick('town', number, 10)]
    || CASE kind WHEN 'unified' THEN ' Unified' WHEN 'elementary' THEN ' Elementary' WHEN 'high' THEN ' Joint Union High'
      ELSE ' County Office of Education' END AS name
  FROM generate_series(0, pg_temp.districts() - 1) AS number, LATERAL (SELECT CASE
    WHEN number % 18 = 17 THEN 'county_office' WHEN number % 9 = 4 THEN 'high' WHEN number % 2 = 0 THEN 'unified'
    ELSE 'elementary' END AS kind) AS known
) AS made JOIN place ON place.number = made.county ORDER BY made.number;
