-- The servers that took writes, one after another: a server that follows has the mark of the present one once it follows
-- that one, and not where it still follows one that was taken over from.
CREATE TABLE timeline (
  -- How the servers count them.
  number integer CONSTRAINT timeline_pkey PRIMARY KEY CONSTRAINT timeline_number_positive CHECK (number > 0),
  mark uuid NOT NULL DEFAULT gen_random_uuid()
);
