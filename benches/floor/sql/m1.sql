INSERT INTO session (id, convening_id, slug, title, format) VALUES ($1, $2, $3, $4, 'breakout')
RETURNING json_build_object('createSession', json_build_object(
  'session', json_build_object('id', id, 'title', title), 'userErrors', json_build_array()))::text
