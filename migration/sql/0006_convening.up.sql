-- Which seats a district's team is made of. A rule that was used is never changed: a new version follows it.
CREATE TABLE composition_rule (
  id uuid CONSTRAINT composition_rule_pkey PRIMARY KEY,
  version integer NOT NULL CONSTRAINT composition_rule_version_key UNIQUE
    CONSTRAINT composition_rule_version_range CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE required_seat (
  id uuid CONSTRAINT required_seat_pkey PRIMARY KEY,
  rule_id uuid NOT NULL CONSTRAINT required_seat_rule_fkey REFERENCES composition_rule ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT required_seat_position_range CHECK (position > 0),
  seat text NOT NULL CONSTRAINT required_seat_known CHECK (seat IN (
    'superintendent', 'school_board_member', 'teachers_union_president', 'classified_union_president', 'other')),
  minimum integer NOT NULL CONSTRAINT required_seat_minimum_range CHECK (minimum >= 0),
  maximum integer NOT NULL,
  label title NOT NULL,
  CONSTRAINT required_seat_once UNIQUE (rule_id, seat),
  CONSTRAINT required_seat_bounds CHECK (maximum >= minimum AND maximum > 0)
);

CREATE TABLE convening (
  id uuid CONSTRAINT convening_pkey PRIMARY KEY,
  slug slug NOT NULL CONSTRAINT convening_slug_key UNIQUE,
  title title NOT NULL,
  kind text NOT NULL CONSTRAINT convening_kind_known CHECK (kind IN (
    'symposium', 'regional_convening', 'institute', 'summit', 'peer_learning', 'coaching',
    'inter_district_exchange', 'study_tour', 'webinar', 'meeting')),
  status text NOT NULL CONSTRAINT convening_status_known CHECK (status IN (
    'draft', 'announced', 'applications_open', 'applications_closed', 'teams_selected', 'agenda_published',
    'in_progress', 'completed', 'cancelled')),
  -- What was made public stays so when it is cancelled; what was not stays hidden.
  announced boolean NOT NULL,
  agenda_published boolean NOT NULL,
  decisions_published boolean NOT NULL,
  description text,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  time_zone text NOT NULL DEFAULT 'America/Los_Angeles',
  venue_name text,
  venue_city text,
  venue_address text,
  venue_county_id uuid CONSTRAINT convening_venue_county_fkey REFERENCES county,
  website text,
  hosted_by_initiative boolean NOT NULL DEFAULT true,
  organizer_id uuid CONSTRAINT convening_organizer_fkey REFERENCES organization,
  region_id uuid CONSTRAINT convening_region_fkey REFERENCES region,
  applications_open_at timestamptz,
  applications_close_at timestamptz,
  roster_freezes_at timestamptz,
  composition_rule_id uuid CONSTRAINT convening_composition_rule_fkey REFERENCES composition_rule,
  team_capacity integer CONSTRAINT convening_team_capacity_range CHECK (team_capacity > 0),
  capacity_reasons text[] NOT NULL DEFAULT '{}',
  statements_value integer CONSTRAINT convening_statements_value_range CHECK (statements_value >= 0),
  statements_qualifier text CONSTRAINT convening_statements_qualifier_known
    CHECK (statements_qualifier IN ('exact', 'more_than', 'at_least', 'about', 'less_than')),
  objectives text[] NOT NULL DEFAULT '{}',
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_title text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(title)) STORED,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(ARRAY[title, venue_city])) STORED,
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', searchable(ARRAY[title, venue_city])), 'A')
    || setweight(to_tsvector('english', fold(coalesce(description, ''))), 'C')) STORED,
  CONSTRAINT convening_dates CHECK (ends_on >= starts_on),
  CONSTRAINT convening_application_window CHECK (applications_close_at > applications_open_at),
  CONSTRAINT convening_statements_whole CHECK (num_nonnulls(statements_value, statements_qualifier) IN (0, 2)),
  CONSTRAINT convening_announced_by_status CHECK (
    CASE status WHEN 'draft' THEN NOT announced WHEN 'cancelled' THEN true ELSE announced END),
  CONSTRAINT convening_agenda_by_status CHECK (
    CASE WHEN status IN ('agenda_published', 'in_progress', 'completed') THEN agenda_published
    WHEN status = 'cancelled' THEN true ELSE NOT agenda_published END),
  CONSTRAINT convening_public_in_order CHECK (announced OR NOT (agenda_published OR decisions_published))
);
CREATE INDEX convening_starts_idx ON convening (starts_on, sort_title, id);
CREATE INDEX convening_title_idx ON convening (sort_title, id);
CREATE INDEX convening_updated_idx ON convening (updated_at, id);
CREATE INDEX convening_organizer_idx ON convening (organizer_id);
CREATE INDEX convening_region_idx ON convening (region_id);
CREATE INDEX convening_search_name_idx ON convening USING gin (search_name gin_trgm_ops);
CREATE INDEX convening_search_vector_idx ON convening USING gin (search_vector);

CREATE TABLE strand (
  id uuid CONSTRAINT strand_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT strand_convening_fkey REFERENCES convening ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT strand_position_range CHECK (position > 0),
  title title NOT NULL,
  CONSTRAINT strand_position_key UNIQUE (convening_id, position),
  CONSTRAINT strand_of_convening UNIQUE (id, convening_id)
);

CREATE TABLE session_block (
  id uuid CONSTRAINT session_block_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT session_block_convening_fkey REFERENCES convening ON DELETE CASCADE,
  position integer NOT NULL CONSTRAINT session_block_position_range CHECK (position > 0),
  title title NOT NULL,
  rounds integer CONSTRAINT session_block_rounds_range CHECK (rounds > 0),
  sessions_per_participant integer CONSTRAINT session_block_per_participant_range CHECK (sessions_per_participant > 0),
  sessions_per_team integer CONSTRAINT session_block_per_team_range CHECK (sessions_per_team > 0),
  CONSTRAINT session_block_position_key UNIQUE (convening_id, position),
  CONSTRAINT session_block_of_convening UNIQUE (id, convening_id)
);

CREATE TABLE sponsorship (
  id uuid CONSTRAINT sponsorship_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT sponsorship_convening_fkey REFERENCES convening,
  organization_id uuid NOT NULL CONSTRAINT sponsorship_organization_fkey REFERENCES organization,
  role text NOT NULL CONSTRAINT sponsorship_role_known
    CHECK (role IN ('organizer', 'host', 'co_sponsor', 'core_funder', 'funder', 'partner')),
  -- The rank of the role, in the order in which a programme names them.
  role_rank integer NOT NULL GENERATED ALWAYS AS (
    array_position(ARRAY['organizer', 'host', 'co_sponsor', 'core_funder', 'funder', 'partner'], role)) STORED,
  position integer NOT NULL CONSTRAINT sponsorship_position_range CHECK (position > 0),
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sponsorship_once UNIQUE (convening_id, organization_id, role),
  CONSTRAINT sponsorship_position_key UNIQUE (convening_id, role, position) DEFERRABLE
);
CREATE INDEX sponsorship_organization_idx ON sponsorship (organization_id);

CREATE TABLE delegation (
  id uuid CONSTRAINT delegation_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT delegation_convening_fkey REFERENCES convening,
  organization_id uuid NOT NULL CONSTRAINT delegation_organization_fkey REFERENCES organization,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT delegation_once UNIQUE (convening_id, organization_id)
);
CREATE INDEX delegation_organization_idx ON delegation (organization_id);

CREATE TABLE metric (
  id uuid CONSTRAINT metric_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT metric_convening_fkey REFERENCES convening,
  position integer NOT NULL CONSTRAINT metric_position_range CHECK (position > 0),
  name title NOT NULL,
  unit title NOT NULL,
  value integer NOT NULL,
  qualifier text NOT NULL CONSTRAINT metric_qualifier_known
    CHECK (qualifier IN ('exact', 'more_than', 'at_least', 'about', 'less_than')),
  status text NOT NULL CONSTRAINT metric_status_known CHECK (status IN ('preliminary', 'final', 'corrected')),
  as_of date,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT metric_position_key UNIQUE (convening_id, position) DEFERRABLE
);

CREATE TABLE offering (
  id uuid CONSTRAINT offering_pkey PRIMARY KEY,
  position integer NOT NULL CONSTRAINT offering_position_key UNIQUE DEFERRABLE
    CONSTRAINT offering_position_range CHECK (position > 0),
  name title NOT NULL,
  kind text NOT NULL CONSTRAINT offering_kind_known CHECK (kind IN (
    'symposium', 'regional_convening', 'institute', 'summit', 'peer_learning', 'coaching',
    'inter_district_exchange', 'study_tour', 'webinar', 'meeting')),
  status text NOT NULL CONSTRAINT offering_status_known CHECK (status IN ('proposed', 'offered', 'retired')),
  high_interest boolean NOT NULL DEFAULT false,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
