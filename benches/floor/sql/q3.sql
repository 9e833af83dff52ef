SELECT json_build_object('convening', json_build_object('id', convening.id, 'title', title, 'sessions', json_build_object('nodes', (
  SELECT coalesce(json_agg(json_build_object('id', session.id, 'title', session.title, 'date', session.date, 'speakers', (
    SELECT coalesce(json_agg(json_build_object('role', role,
      'person', CASE WHEN person IS NOT NULL THEN json_build_object('name', person) END,
      'organization', CASE WHEN organization IS NOT NULL THEN json_build_object('name', organization) END)), '[]')
    FROM (SELECT role, person.name AS person, organization.name AS organization
      FROM released_speaker AS speaker LEFT JOIN person ON person.id = person_id
        LEFT JOIN organization ON organization.id = organization_id
      WHERE session_id = session.id ORDER BY role_rank, position, speaker.id) AS speaker))), '[]')
  FROM (SELECT id, title, date FROM released_session WHERE convening_id = convening.id AND agenda_published
    ORDER BY coalesce(date, '9999-12-31'), coalesce(number, 2147483647), sort_title, id LIMIT 20) AS session))))::text
FROM convening WHERE convening.id = $1 AND announced
