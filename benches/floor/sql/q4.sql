SELECT json_build_object('convening', json_build_object('id', convening.id, 'title', title, 'teams', json_build_object('nodes', (
  SELECT coalesce(json_agg(json_build_object('id', team.id, 'district', json_build_object('name', team.name), 'members',
    json_build_object('nodes', (
      SELECT coalesce(json_agg(json_build_object('seat', seat, 'person', json_build_object('name', name))), '[]')
      FROM (SELECT seat, person.name FROM team_member AS member JOIN person ON person.id = person_id
        WHERE team_id = team.id ORDER BY seat_rank, member.id LIMIT 10) AS member)))), '[]')
  FROM (SELECT team.id, district.name FROM team JOIN district ON district.id = district_id
    WHERE convening_id = convening.id ORDER BY sort_name, district.id, team.id LIMIT 50) AS team))))::text
FROM convening WHERE convening.id = $1
