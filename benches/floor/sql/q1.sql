SELECT json_build_object('convening', json_build_object(
  'id', id, 'title', title, 'startsOn', starts_on, 'endsOn', ends_on))::text
FROM convening WHERE id = $1 AND announced
