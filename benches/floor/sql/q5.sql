SELECT json_build_object('people', json_build_object('nodes', (
  SELECT coalesce(json_agg(json_build_object('id', id, 'name', name)), '[]')
  FROM (SELECT id, name FROM person WHERE search_vector @@ to_tsquery('simple', $1 || ':*')
    AND (is_public OR EXISTS (SELECT FROM released_speaker WHERE person_id = person.id))
    ORDER BY sort_name, id LIMIT 20) AS found)))::text
