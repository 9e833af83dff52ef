-- How like names are to what was typed, as before, but without a statement of its own for each name: whether they are nearly that at a
-- twentieth of the cost, which a search for a typo asks of every name that has most of the letters; and how far a hit is from it
-- at half.
DROP FUNCTION is_like(text, text);

-- Whether each word of what somebody typed begins a word of the names or is one with a typo, or is the initials of words that follow
-- one another ("USD"). Without it, the words that many names share would outweigh the one that tells them apart. `given` is what
-- was typed, folded.
CREATE FUNCTION is_like(given text, names text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  words text[] := string_to_array(names, ' ');
  initials text;
  wanted text;
  word text;
  edits integer;
BEGIN
  <<each_wanted>>
  FOREACH wanted IN ARRAY string_to_array(given, ' ') LOOP
    FOREACH word IN ARRAY words LOOP
      CONTINUE each_wanted WHEN starts_with(word, wanted);
      IF char_length(wanted) > 3 THEN
        -- Most words are further apart; what a typo is says `is_typo`.
        edits := levenshtein_less_equal(left(wanted, 255), left(word, 255), 2);
        CONTINUE each_wanted WHEN edits IN (1, 2) AND is_typo(wanted, word);
      END IF;
    END LOOP;
    initials := coalesce(initials, regexp_replace(names, '([[:alnum:]])[[:alnum:]]* ?', '\1', 'g'));
    IF strpos(initials, wanted) = 0 THEN
      RETURN false;
    END IF;
  END LOOP;
  RETURN true;
END
$$;

-- See 0047.
CREATE OR REPLACE FUNCTION search_distance(
  given text, as_typed tsquery, in_english tsquery, begun tsquery, names text, words tsvector) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  name text;
  alike real := 0;
  unlike integer;
  in_names tsvector;
BEGIN
  IF names = given OR starts_with(names, given || ' | ') THEN
    RETURN 0;
  END IF;
  FOREACH name IN ARRAY string_to_array(names, ' | ') LOOP
    IF name = given THEN
      RETURN 50;
    END IF;
    alike := greatest(alike, similarity(given, name));
  END LOOP;
  unlike := round(100 * (1 - alike))::integer;
  in_names := ts_filter(words, '{a}');
  RETURN unlike + CASE
    WHEN in_names @@ as_typed THEN 100
    WHEN words @@ as_typed OR words @@ in_english THEN 300
    WHEN in_names @@ begun THEN 500
    WHEN words @@ begun THEN 700
    ELSE 900 + round(100 * (1 - word_similarity(given, names)))::integer END;
END
$$;
