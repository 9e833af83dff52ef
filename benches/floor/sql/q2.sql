WITH page AS (
  SELECT district.id, district.name, district.kind, district.sort_name, county.name AS county
  FROM district LEFT JOIN county ON county.id = county_id ORDER BY district.sort_name, district.id LIMIT 51
)
SELECT json_build_object('districts', json_build_object(
  'edges', (
    SELECT json_agg(json_build_object('cursor', sort_name || '|' || id, 'node', json_build_object(
      'id', id, 'name', name, 'kind', kind, 'county', json_build_object('name', county))))
    FROM (SELECT * FROM page LIMIT 50) AS shown),
  'pageInfo', json_build_object('hasNextPage', (SELECT count(*) > 50 FROM page),
    'endCursor', (SELECT sort_name || '|' || id FROM page OFFSET 49 LIMIT 1))))::text
