SELECT json_build_object('participation', (
  SELECT coalesce(json_agg(json_build_object('county', json_build_object('name', name), 'teams', teams)), '[]')
  FROM (SELECT county.name, count(*) AS teams
    FROM team JOIN convening ON convening.id = convening_id JOIN district ON district.id = district_id
      JOIN county ON county.id = county_id
    WHERE convening_id = $1 AND team.status = 'attended' AND decisions_published
    GROUP BY county.id ORDER BY county.sort_name) AS counted))::text
