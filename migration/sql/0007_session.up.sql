CREATE TABLE room (
  id uuid CONSTRAINT room_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT room_convening_fkey REFERENCES convening,
  name title NOT NULL,
  capacity integer CONSTRAINT room_capacity_range CHECK (capacity > 0),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT room_name_key UNIQUE (convening_id, name),
  CONSTRAINT room_of_convening UNIQUE (id, convening_id)
);

CREATE TABLE session (
  id uuid CONSTRAINT session_pkey PRIMARY KEY,
  convening_id uuid NOT NULL CONSTRAINT session_convening_fkey REFERENCES convening,
  slug slug NOT NULL,
  number integer CONSTRAINT session_number_range CHECK (number > 0),
  title title NOT NULL,
  format text NOT NULL CONSTRAINT session_format_known CHECK (format IN (
    'welcome', 'plenary', 'panel', 'breakout', 'role_alike', 'team_time', 'meal_presentation', 'closing', 'break',
    'unstructured')),
  strand_id uuid,
  block_id uuid,
  abstract text,
  duration_minutes integer CONSTRAINT session_duration_range CHECK (duration_minutes BETWEEN 1 AND 1440),
  date date,
  questions text[] NOT NULL DEFAULT '{}',
  speakers_complete boolean NOT NULL DEFAULT true,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_title text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(title)) STORED,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(ARRAY[title])) STORED,
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', searchable(ARRAY[title])), 'A')
    || setweight(to_tsvector('english', fold(coalesce(abstract, ''))), 'C')) STORED,
  CONSTRAINT session_slug_key UNIQUE (convening_id, slug),
  CONSTRAINT session_of_convening UNIQUE (id, convening_id),
  CONSTRAINT session_strand_fkey FOREIGN KEY (strand_id, convening_id) REFERENCES strand (id, convening_id),
  CONSTRAINT session_block_fkey FOREIGN KEY (block_id, convening_id) REFERENCES session_block (id, convening_id)
);
CREATE INDEX session_order_idx ON session (
  convening_id, coalesce(date, '9999-12-31'), coalesce(number, 2147483647), sort_title, id);
CREATE INDEX session_strand_idx ON session (strand_id);
CREATE INDEX session_block_idx ON session (block_id);
CREATE INDEX session_search_name_idx ON session USING gin (search_name gin_trgm_ops);
CREATE INDEX session_search_vector_idx ON session USING gin (search_vector);

-- Sessions on one subject; each pair stands in both directions.
CREATE TABLE session_relation (
  session_id uuid NOT NULL CONSTRAINT session_relation_session_fkey REFERENCES session ON DELETE CASCADE,
  related_id uuid NOT NULL CONSTRAINT session_relation_related_fkey REFERENCES session ON DELETE CASCADE,
  CONSTRAINT session_relation_pkey PRIMARY KEY (session_id, related_id),
  CONSTRAINT session_relation_both_ways FOREIGN KEY (related_id, session_id)
    REFERENCES session_relation (session_id, related_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT session_relation_other CHECK (session_id <> related_id)
);

CREATE TABLE slot (
  id uuid CONSTRAINT slot_pkey PRIMARY KEY,
  session_id uuid NOT NULL,
  convening_id uuid NOT NULL,
  round integer CONSTRAINT slot_round_range CHECK (round > 0),
  audience text CONSTRAINT slot_audience_known CHECK (audience IN (
    'superintendent', 'school_board_member', 'teachers_union_president', 'classified_union_president', 'other')),
  room_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  capacity integer CONSTRAINT slot_capacity_range CHECK (capacity > 0),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT slot_session_fkey FOREIGN KEY (session_id, convening_id) REFERENCES session (id, convening_id),
  CONSTRAINT slot_room_fkey FOREIGN KEY (room_id, convening_id) REFERENCES room (id, convening_id),
  CONSTRAINT slot_times CHECK (num_nonnulls(starts_at, ends_at) IN (0, 2) AND ends_at > starts_at),
  CONSTRAINT slot_of_session UNIQUE (id, session_id, convening_id),
  CONSTRAINT slot_of_round UNIQUE (id, round),
  CONSTRAINT slot_round_key UNIQUE (session_id, round),
  CONSTRAINT slot_audience_key UNIQUE (session_id, audience),
  CONSTRAINT slot_room_once EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (room_id IS NOT NULL AND starts_at IS NOT NULL)
);
CREATE INDEX slot_room_idx ON slot (room_id);

CREATE TABLE speaker (
  id uuid CONSTRAINT speaker_pkey PRIMARY KEY,
  session_id uuid NOT NULL CONSTRAINT speaker_session_fkey REFERENCES session,
  role text NOT NULL CONSTRAINT speaker_role_known
    CHECK (role IN ('moderator', 'panelist', 'presenter', 'speaker', 'facilitator', 'host')),
  -- The rank of the role, in the order in which an agenda names them.
  role_rank integer NOT NULL GENERATED ALWAYS AS (
    array_position(ARRAY['host', 'moderator', 'facilitator', 'speaker', 'presenter', 'panelist'], role)) STORED,
  position integer NOT NULL CONSTRAINT speaker_position_range CHECK (position > 0),
  person_id uuid CONSTRAINT speaker_person_fkey REFERENCES person,
  organization_id uuid CONSTRAINT speaker_organization_fkey REFERENCES organization,
  district_id uuid CONSTRAINT speaker_district_fkey REFERENCES district,
  as_team boolean NOT NULL DEFAULT false,
  name_as_shown title NOT NULL,
  title_as_shown title,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT speaker_somebody CHECK (num_nonnulls(person_id, organization_id, district_id) >= 1),
  CONSTRAINT speaker_team_of_district CHECK (NOT as_team OR district_id IS NOT NULL),
  CONSTRAINT speaker_position_key UNIQUE (session_id, role, position) DEFERRABLE,
  CONSTRAINT speaker_person_once UNIQUE (session_id, role, person_id)
);
CREATE INDEX speaker_order_idx ON speaker (session_id, role_rank, position, id);
CREATE INDEX speaker_person_idx ON speaker (person_id);
CREATE INDEX speaker_organization_idx ON speaker (organization_id);
CREATE INDEX speaker_district_idx ON speaker (district_id);

CREATE TABLE resource (
  id uuid CONSTRAINT resource_pkey PRIMARY KEY,
  title title NOT NULL,
  kind text NOT NULL CONSTRAINT resource_kind_known CHECK (kind IN (
    'website', 'document', 'slides', 'video', 'report', 'poll', 'feedback_form', 'profile', 'other')),
  url text,
  availability text NOT NULL CONSTRAINT resource_availability_known CHECK (availability IN (
    'forthcoming', 'available', 'moved', 'broken', 'archived', 'withdrawn')),
  credit text,
  sources sources,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sort_title text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold(title)) STORED,
  -- What is still to come has no address yet; what can be had has one.
  CONSTRAINT resource_available_somewhere CHECK (availability <> 'available' OR url IS NOT NULL)
);

-- What a resource is about: one page may serve a session and two districts.
CREATE TABLE resource_subject (
  id uuid CONSTRAINT resource_subject_pkey PRIMARY KEY,
  resource_id uuid NOT NULL CONSTRAINT resource_subject_resource_fkey REFERENCES resource ON DELETE CASCADE,
  convening_id uuid CONSTRAINT resource_subject_convening_fkey REFERENCES convening,
  session_id uuid CONSTRAINT resource_subject_session_fkey REFERENCES session,
  district_id uuid CONSTRAINT resource_subject_district_fkey REFERENCES district,
  organization_id uuid CONSTRAINT resource_subject_organization_fkey REFERENCES organization,
  CONSTRAINT resource_subject_one CHECK (num_nonnulls(convening_id, session_id, district_id, organization_id) = 1)
);
CREATE UNIQUE INDEX resource_subject_once ON resource_subject (
  resource_id, coalesce(convening_id, session_id, district_id, organization_id));
CREATE INDEX resource_subject_convening_idx ON resource_subject (convening_id);
CREATE INDEX resource_subject_session_idx ON resource_subject (session_id);
CREATE INDEX resource_subject_district_idx ON resource_subject (district_id);
CREATE INDEX resource_subject_organization_idx ON resource_subject (organization_id);
