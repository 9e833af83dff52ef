CREATE TABLE district (
  id uuid CONSTRAINT district_pkey PRIMARY KEY,
  slug slug NOT NULL CONSTRAINT district_slug_key UNIQUE,
  name title NOT NULL,
  -- The initiative's record names this district so: an import may add spellings, never rename it.
  named_by_record boolean NOT NULL DEFAULT false,
  alternate_names text[] NOT NULL DEFAULT '{}',
  cds_code text COLLATE "C" CONSTRAINT district_cds_code_key UNIQUE
    CONSTRAINT district_cds_code_form CHECK (cds_code ~ '^[0-9]{7}0{7}$'),
  nces_id text CONSTRAINT district_nces_id_key UNIQUE
    CONSTRAINT district_nces_id_form CHECK (nces_id ~ '^06[0-9]{5}$'),
  kind text CONSTRAINT district_kind_known CHECK (kind IN ('unified', 'elementary', 'high', 'county_office', 'other')),
  status text NOT NULL CONSTRAINT district_status_known
    CHECK (status IN ('active', 'closed', 'merged', 'pending', 'unresolved')),
  county_id uuid CONSTRAINT district_county_fkey REFERENCES county,
  city text,
  website text,
  enrollment integer CONSTRAINT district_enrollment_range CHECK (enrollment >= 0),
  latitude double precision CONSTRAINT district_latitude_range CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision CONSTRAINT district_longitude_range CHECK (longitude BETWEEN -180 AND 180),
  -- The day of the state directory's own record that an import took over last; NULL before any import.
  directory_updated_on date,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(ARRAY[name] || alternate_names)) STORED,
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', searchable(ARRAY[name] || alternate_names)), 'A')
    || setweight(to_tsvector('simple', searchable(ARRAY[city])), 'C')) STORED,
  -- The state's code says the county; an unresolved district has neither, nor a kind.
  CONSTRAINT district_resolved CHECK (
    CASE WHEN status = 'unresolved' THEN num_nonnulls(cds_code, nces_id, kind, county_id) = 0
    ELSE num_nulls(cds_code, kind, county_id) = 0 END),
  CONSTRAINT district_location_whole CHECK (num_nonnulls(latitude, longitude) IN (0, 2))
);
CREATE INDEX district_name_idx ON district (sort_name, id);
-- County codes are numbered in the alphabetical order of the counties' names.
CREATE INDEX district_county_order_idx ON district (coalesce(left(cds_code, 2), '~') COLLATE "C", sort_name, id);
CREATE INDEX district_enrollment_asc_idx ON district (coalesce(enrollment, 2147483647), sort_name, id);
CREATE INDEX district_enrollment_desc_idx ON district (coalesce(enrollment, -1), sort_name, id);
CREATE INDEX district_updated_idx ON district (updated_at, id);
CREATE INDEX district_county_idx ON district (county_id, sort_name, id);
CREATE INDEX district_search_name_idx ON district USING gin (search_name gin_trgm_ops);
CREATE INDEX district_search_vector_idx ON district USING gin (search_vector);

-- What an unresolved district may be in the state's directory, until a person decides.
CREATE TABLE district_candidate (
  id uuid CONSTRAINT district_candidate_pkey PRIMARY KEY,
  district_id uuid NOT NULL CONSTRAINT district_candidate_district_fkey REFERENCES district ON DELETE CASCADE,
  cds_code text COLLATE "C" NOT NULL CONSTRAINT district_candidate_cds_code_form CHECK (cds_code ~ '^[0-9]{7}0{7}$'),
  name title NOT NULL,
  county_id uuid NOT NULL CONSTRAINT district_candidate_county_fkey REFERENCES county,
  CONSTRAINT district_candidate_once UNIQUE (district_id, cds_code)
);
