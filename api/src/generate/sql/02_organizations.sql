INSERT INTO organization (id, slug, name, acronym, alternate_names, kind, website, description, parent_id, created_at, updated_at)
SELECT pg_temp.key('organization', number), pg_temp.slug(name, number), name, NULL,
  CASE WHEN number % 10 = 0 THEN ARRAY[name || ' of California'] ELSE '{}' END,
  kind, 'https://organization-' || number + 1 || '.example.org',
  'A made-up ' || replace(kind, '_', ' ') || ' for trials and measurements.',
  -- A local union is part of one of the two of the whole state.
  CASE WHEN kind = 'local_union' THEN pg_temp.key('organization', number % 2) END,
  pg_temp.entered(number), pg_temp.entered(number)
FROM (
  SELECT number, kind, pg_temp.plant('organization', number) || ' ' || CASE kind
      WHEN 'state_union' THEN 'Federation of Teachers' WHEN 'local_union' THEN 'Teachers Association'
      WHEN 'university' THEN 'University' WHEN 'nonprofit_foundation' THEN 'Foundation' WHEN 'funder' THEN 'Fund'
      WHEN 'professional_association' THEN 'Administrators Association' ELSE 'Institute' END AS name
  FROM generate_series(0, pg_temp.organizations() - 1) AS number, LATERAL (SELECT CASE
    WHEN number < 2 THEN 'state_union' WHEN number % 3 = 2 THEN 'local_union' WHEN number % 12 = 0 THEN 'university'
    WHEN number % 12 = 1 THEN 'professional_association' WHEN number % 12 = 3 THEN 'nonprofit_foundation'
    WHEN number % 12 = 4 THEN 'funder' ELSE 'other' END AS kind) AS known
) AS made ORDER BY number;
