-- What every later step leans on: extensions, and how text is compared and searched.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- Lower case without accents: what two spellings of a name have in common.
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(unaccent('unaccent'::regdictionary, value));

-- The folded words of a text, one space between two of them.
CREATE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(fold(value), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The same of several names, with a bar between two of them, which tells a whole name from a part of one.
CREATE FUNCTION searchable(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(searchable(name), ' | ' ORDER BY place), '')
  FROM unnest(names) WITH ORDINALITY AS given (name, place) WHERE name IS NOT NULL
$$;

-- Every word of what somebody typed, each as a prefix; NULL where there is no word in it.
CREATE FUNCTION prefix_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsquery('simple', string_agg(word || ':*', ' & '))
  FROM regexp_split_to_table(searchable(typed), ' ') AS word
  WHERE word <> ''
$$;

-- Whether a typed word is another with a typo: one letter wrong, missing or too many, or two swapped; from eight letters
-- on, two of these. Up to three letters leave no room for typos; 255 are what the extension can compare.
CREATE FUNCTION is_typo(typed text, word text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT char_length(typed) > 3 AND CASE levenshtein_less_equal(left(typed, 255), left(word, 255), 2)
    WHEN 1 THEN true
    WHEN 2 THEN char_length(typed) >= 8 OR
      (SELECT string_agg(letter, '' ORDER BY letter) FROM regexp_split_to_table(typed, '') AS letter)
      = (SELECT string_agg(letter, '' ORDER BY letter) FROM regexp_split_to_table(word, '') AS letter)
    ELSE false END
$$;

-- Whether each word of what somebody typed begins a word of the names or is one with a typo, or is the initials of words
-- that follow one another ("USD"). Without it, the words that many names share would outweigh the one that tells them
-- apart.
CREATE FUNCTION is_like(typed text, names text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT bool_and(
    position(wanted IN regexp_replace(names, '([[:alnum:]])[[:alnum:]]* ?', '\1', 'g')) > 0
    OR EXISTS (
      SELECT FROM regexp_split_to_table(names, '[ |]+') AS word
      WHERE starts_with(word, wanted) OR is_typo(wanted, word)))
  FROM regexp_split_to_table(searchable(typed), ' ') AS wanted
$$;

-- A short name for addresses: lower-case letters and digits, joined by single hyphens.
CREATE DOMAIN slug AS text COLLATE "C"
  CONSTRAINT slug_form CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(VALUE) <= 120);

-- Names and titles: something must be there, and not more than fits on a badge or a page.
CREATE DOMAIN title AS text
  CONSTRAINT title_length CHECK (char_length(VALUE) BETWEEN 1 AND 300 AND btrim(VALUE) <> '');

-- Where a fact comes from: a list of {document, section, url}.
CREATE DOMAIN sources AS jsonb
  DEFAULT '[]' NOT NULL
  CONSTRAINT sources_form CHECK (jsonb_typeof(VALUE) = 'array');

-- How far a hit is from what was typed: 0 for the very name, more the less of it is there, and the less it is like any
-- of the names. `names` and `words` are the two search columns of a table.
CREATE FUNCTION search_distance(typed text, names text, words tsvector) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN all_names[1] = given THEN 0
    WHEN given = ANY (all_names) THEN 50
    WHEN in_names @@ plainto_tsquery('simple', given) THEN 100 + unlike
    WHEN words @@ plainto_tsquery('simple', given) OR words @@ plainto_tsquery('english', given) THEN 300 + unlike
    WHEN in_names @@ prefix_query(given) THEN 500 + unlike
    WHEN words @@ prefix_query(given) THEN 700 + unlike
    ELSE 900 + unlike + round(100 * (1 - word_similarity(given, names)))::integer END
  FROM
    (SELECT searchable(typed), string_to_array(names, ' | '), to_tsvector('simple', names)) AS q (given, all_names, in_names),
    LATERAL (SELECT round(100 * (1 - coalesce(max(similarity(given, name)), 0)))::integer FROM unnest(all_names) AS name)
      AS distance (unlike)
$$;
