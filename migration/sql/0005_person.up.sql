CREATE TABLE person (
  id uuid CONSTRAINT person_pkey PRIMARY KEY,
  slug slug NOT NULL CONSTRAINT person_slug_key UNIQUE,
  name title NOT NULL,
  honorific text CONSTRAINT person_honorific_length CHECK (char_length(honorific) BETWEEN 1 AND 60),
  biography text,
  -- Shown to everybody even without having spoken anywhere.
  is_public boolean NOT NULL DEFAULT false,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(ARRAY[name])) STORED,
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', searchable(ARRAY[name])), 'A')) STORED
);
CREATE INDEX person_name_idx ON person (sort_name, id);
CREATE INDEX person_updated_idx ON person (updated_at, id);
CREATE INDEX person_search_name_idx ON person USING gin (search_name gin_trgm_ops);
CREATE INDEX person_search_vector_idx ON person USING gin (search_vector);

-- Apart from the person, because nearly nobody may read it.
CREATE TABLE person_contact (
  person_id uuid CONSTRAINT person_contact_pkey PRIMARY KEY
    CONSTRAINT person_contact_person_fkey REFERENCES person ON DELETE CASCADE,
  email text CONSTRAINT person_contact_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
  phone text CONSTRAINT person_contact_phone_length CHECK (char_length(phone) BETWEEN 1 AND 60)
);

CREATE TABLE affiliation (
  id uuid CONSTRAINT affiliation_pkey PRIMARY KEY,
  person_id uuid NOT NULL CONSTRAINT affiliation_person_fkey REFERENCES person,
  organization_id uuid CONSTRAINT affiliation_organization_fkey REFERENCES organization,
  district_id uuid CONSTRAINT affiliation_district_fkey REFERENCES district,
  title title,
  starts_on date,
  ends_on date,
  -- The day of the document that states it.
  stated_on date,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT affiliation_one_body CHECK (num_nonnulls(organization_id, district_id) = 1),
  CONSTRAINT affiliation_period CHECK (ends_on >= starts_on)
);
CREATE UNIQUE INDEX affiliation_once ON affiliation (
  person_id, coalesce(organization_id, district_id), coalesce(title, ''), coalesce(starts_on, stated_on, '-infinity'));
CREATE INDEX affiliation_organization_idx ON affiliation (organization_id);
CREATE INDEX affiliation_district_idx ON affiliation (district_id);

CREATE TABLE partnership (
  id uuid CONSTRAINT partnership_pkey PRIMARY KEY,
  district_id uuid NOT NULL CONSTRAINT partnership_district_fkey REFERENCES district,
  organization_id uuid NOT NULL CONSTRAINT partnership_organization_fkey REFERENCES organization,
  since_year integer CONSTRAINT partnership_since_year_range CHECK (since_year BETWEEN 1850 AND 2200),
  codified_in text,
  description text,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT partnership_once UNIQUE (district_id, organization_id)
);
CREATE INDEX partnership_organization_idx ON partnership (organization_id);
