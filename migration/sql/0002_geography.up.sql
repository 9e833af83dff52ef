-- The state's 58 counties and the 11 county-superintendent regions they work in.
CREATE TABLE region (
  id uuid CONSTRAINT region_pkey PRIMARY KEY,
  number integer NOT NULL CONSTRAINT region_number_key UNIQUE
    CONSTRAINT region_number_range CHECK (number BETWEEN 1 AND 99),
  name title NOT NULL
);

CREATE TABLE county (
  id uuid CONSTRAINT county_pkey PRIMARY KEY,
  name title NOT NULL CONSTRAINT county_name_key UNIQUE,
  cds_county_code text NOT NULL CONSTRAINT county_cds_county_code_key UNIQUE
    CONSTRAINT county_cds_county_code_form CHECK (cds_county_code ~ '^[0-9]{2}$'),
  fips_code text NOT NULL CONSTRAINT county_fips_code_key UNIQUE
    CONSTRAINT county_fips_code_form CHECK (fips_code ~ '^06[0-9]{3}$'),
  region_id uuid CONSTRAINT county_region_fkey REFERENCES region,
  region_confirmed boolean NOT NULL,
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED
);
CREATE INDEX county_region_idx ON county (region_id);
