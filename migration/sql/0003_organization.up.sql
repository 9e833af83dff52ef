CREATE TABLE organization (
  id uuid CONSTRAINT organization_pkey PRIMARY KEY,
  slug slug NOT NULL CONSTRAINT organization_slug_key UNIQUE,
  name title NOT NULL,
  acronym text CONSTRAINT organization_acronym_length CHECK (char_length(acronym) BETWEEN 1 AND 30),
  alternate_names text[] NOT NULL DEFAULT '{}',
  kind text NOT NULL CONSTRAINT organization_kind_known CHECK (kind IN (
    'state_agency', 'state_union', 'local_union', 'professional_association', 'nonprofit_foundation', 'funder',
    'university', 'consultancy', 'media', 'school', 'advisory_body', 'initiative', 'initiative_body',
    'out_of_state_partner', 'other')),
  website text,
  description text,
  parent_id uuid CONSTRAINT organization_parent_fkey REFERENCES organization
    CONSTRAINT organization_parent_other CHECK (parent_id <> id),
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(name)) STORED,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(ARRAY[name, acronym] || alternate_names)) STORED,
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', searchable(ARRAY[name, acronym] || alternate_names)), 'A')
    || setweight(to_tsvector('english', fold(coalesce(description, ''))), 'C')) STORED
);
-- Two organizations may share a name, but an acronym leads to one of them.
CREATE UNIQUE INDEX organization_acronym_key ON organization (fold(acronym));
CREATE INDEX organization_name_idx ON organization (sort_name, id);
CREATE INDEX organization_created_idx ON organization (created_at, id);
CREATE INDEX organization_updated_idx ON organization (updated_at, id);
CREATE INDEX organization_parent_idx ON organization (parent_id);
CREATE INDEX organization_search_name_idx ON organization USING gin (search_name gin_trgm_ops);
CREATE INDEX organization_search_vector_idx ON organization USING gin (search_vector);
