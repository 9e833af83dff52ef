-- What every later step leans on: extensions, and how text is compared and searched.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Lower case without accents: what two spellings of a name have in common.
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(unaccent('unaccent'::regdictionary, value));

-- The folded words of several texts, one space between two of them. array_to_string is only STABLE
-- because elements could be of a type whose output depends on settings; text is not.
CREATE FUNCTION searchable(parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(fold(array_to_string(parts, ' ')), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The same of one text.
CREATE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT searchable(ARRAY[value])
$$;

-- Every word of what somebody typed, each as a prefix; NULL where there is no word in it.
CREATE FUNCTION prefix_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsquery('simple', string_agg(word || ':*', ' & '))
  FROM regexp_split_to_table(searchable(typed), ' ') AS word
  WHERE word <> ''
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

-- How far a row that has the typed words is from what was typed: 0 for the very name, least for whole words of the name,
-- more for beginnings of words, most for words elsewhere in the row. Within these, shorter names are nearer.
CREATE FUNCTION search_distance(typed text, name text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN name = searchable(typed) THEN 0
    WHEN to_tsvector('simple', name) @@ plainto_tsquery('simple', searchable(typed)) THEN 100
    WHEN to_tsvector('simple', name) @@ prefix_query(typed) THEN 300
    ELSE 500 END + round(100 * (1 - similarity(searchable(typed), name)))::integer
$$;

-- How far a row is whose name is nearly what was typed: farther than any that has the words.
CREATE FUNCTION near_distance(typed text, name text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 700 + round(100 * (1 - word_similarity(searchable(typed), name)))::integer;
