// A hand-written GraphQL server: GraphQL Yoga with compiled documents (graphql-jit), a DataLoader on every edge, and pg on
// the product's own tables. It answers the product's documents as they are, without accounts or policy.
// node yoga.mjs FOLDER_OF_SOCKET DATABASE PORT
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { useGraphQlJit } from "@envelop/graphql-jit";
import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import pg from "pg";

const [, , host, database, port] = process.argv;
// Days stay texts, and counts are numbers.
pg.types.setTypeParser(1082, (text) => text);
pg.types.setTypeParser(20, Number);
const pool = new pg.Pool({ host, user: "postgres", database, max: 16 });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

// One row for each key, in the order of the keys.
const one = (name, table, columns) => new DataLoader(async (keys) => {
  const found = await rows(name, `SELECT id, ${columns} FROM ${table} WHERE id = ANY ($1)`, [keys]);
  const byKey = new Map(found.map((row) => [row.id, row]));
  return keys.map((key) => byKey.get(key) ?? null);
});

// A list for each key, in the order of the statement; the first so many of each.
const many = (name, text, limit) => new DataLoader(async (keys) => {
  const byKey = new Map(keys.map((key) => [key, []]));
  for (const row of await rows(name, text, limit ? [keys, limit] : [keys])) byKey.get(row.parent).push(row);
  return keys.map((key) => byKey.get(key));
});
const SESSIONS = `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent, LATERAL (
  SELECT id, title, date FROM released_session WHERE convening_id = parent
  ORDER BY coalesce(date, '9999-12-31'), coalesce(number, 2147483647), sort_title, id LIMIT $2) AS page`;
const SPEAKERS = `SELECT session_id AS parent, role, person_id, organization_id FROM released_speaker
  WHERE session_id = ANY ($1) ORDER BY role_rank, position, id`;
const TEAMS = `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent, LATERAL (
  SELECT team.id, district_id FROM team JOIN district ON district.id = district_id WHERE convening_id = parent
  ORDER BY sort_name, district.id, team.id LIMIT $2) AS page`;
const MEMBERS = `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent, LATERAL (
  SELECT seat, person_id FROM team_member WHERE team_id = parent ORDER BY seat_rank, id LIMIT $2) AS page`;

const loaders = () => ({
  county: one("county", "county", "name"),
  district: one("district", "district", "name"),
  organization: one("organization", "organization", "name"),
  person: one("person", "person", "name"),
  sessions: many("sessions", SESSIONS, 20),
  speakers: many("speakers", SPEAKERS),
  teams: many("teams", TEAMS, 50),
  members: many("members", MEMBERS, 10),
});

const typeDefs = /* GraphQL */ `
  type Query {
    convening(by: ConveningBy!): Convening
    districts(first: Int!, orderBy: DistrictOrder!): DistrictConnection!
    people(filter: PersonFilter!, first: Int!): PersonConnection!
    participation(filter: ParticipationFilter!, groupBy: [Dimension!]!): [ParticipationRow!]!
  }
  type Mutation { createSession(input: CreateSessionInput!): CreateSessionPayload! }
  input ConveningBy { id: ID }
  input DistrictOrder { field: DistrictOrderField! }
  enum DistrictOrderField { NAME }
  input PersonFilter { search: String }
  input ParticipationFilter { convening: ID }
  enum Dimension { COUNTY }
  input CreateSessionInput { conveningId: ID! title: String! format: String! slug: String! }
  type CreateSessionPayload { session: Session userErrors: [UserError!]! }
  type UserError { code: String! }
  type Convening { id: ID! title: String! startsOn: String! endsOn: String! sessions(first: Int): SessionConnection! teams(first: Int): TeamConnection! }
  type SessionConnection { nodes: [Session!]! }
  type Session { id: ID! title: String! date: String speakers: [Speaker!]! }
  type Speaker { role: String! person: Person organization: Organization }
  type Person { id: ID! name: String! }
  type PersonConnection { nodes: [Person!]! }
  type Organization { name: String! }
  type TeamConnection { nodes: [Team!]! }
  type Team { id: ID! district: District! members(first: Int): MemberConnection! }
  type MemberConnection { nodes: [Member!]! }
  type Member { seat: String! person: Person! }
  type District { id: ID! name: String! kind: String! county: County }
  type County { name: String! }
  type DistrictConnection { edges: [DistrictEdge!]! pageInfo: PageInfo! }
  type DistrictEdge { cursor: String! node: District! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ParticipationRow { county: County! teams: Int! }
`;

const cursor = (row) => Buffer.from(JSON.stringify([row.sort_name, row.id])).toString("base64url");
const convening = async (_, { by }) => {
  const text = `SELECT id, title, starts_on AS "startsOn", ends_on AS "endsOn" FROM convening WHERE id = $1 AND announced`;
  return (await rows("convening", text, [by.id]))[0] ?? null;
};
const districts = async (_, { first }) => {
  const text = "SELECT id, name, kind, county_id, sort_name FROM district ORDER BY sort_name, id LIMIT $1";
  const found = await rows("districts", text, [first + 1]);
  const shown = found.slice(0, first);
  const edges = shown.map((node) => ({ cursor: cursor(node), node }));
  return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor } };
};
const people = async (_, { filter, first }) => {
  const text = `SELECT id, name FROM person WHERE search_vector @@ to_tsquery('simple', $1 || ':*')
    AND (is_public OR EXISTS (SELECT FROM released_speaker WHERE person_id = person.id)) ORDER BY sort_name, id LIMIT $2`;
  return { nodes: await rows("people", text, [filter.search, first]) };
};
const participation = async (_, { filter }) => {
  const text = `SELECT county.name, count(*) AS teams
    FROM team JOIN convening ON convening.id = convening_id JOIN district ON district.id = district_id
      JOIN county ON county.id = county_id
    WHERE convening_id = $1 AND team.status = 'attended' AND decisions_published GROUP BY county.id ORDER BY county.sort_name`;
  return (await rows("participation", text, [filter.convening])).map(({ name, teams }) => ({ county: { name }, teams }));
};
const createSession = async (_, { input }) => {
  const text = "INSERT INTO session (id, convening_id, slug, title, format) VALUES ($1, $2, $3, $4, 'breakout') RETURNING id, title";
  const made = await rows("createSession", text, [randomUUID(), input.conveningId, input.slug, input.title]);
  return { session: made[0], userErrors: [] };
};

const through = (loader, column) => (row, _, { load }) => (row[column] ? load[loader].load(row[column]) : null);
const list = (loader) => async (row, _, { load }) => ({ nodes: await load[loader].load(row.id) });
const resolvers = {
  Query: { convening, districts, people, participation },
  Mutation: { createSession },
  Convening: { sessions: list("sessions"), teams: list("teams") },
  Session: { speakers: (row, _, { load }) => load.speakers.load(row.id) },
  Speaker: { person: through("person", "person_id"), organization: through("organization", "organization_id") },
  Team: { district: through("district", "district_id"), members: list("members") },
  Member: { person: through("person", "person_id") },
  District: { county: through("county", "county_id") },
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: () => ({ load: loaders() }),
  plugins: [useGraphQlJit()],
  graphiql: false,
  landingPage: false,
  logging: false,
});
createServer(yoga).listen(Number(port), "127.0.0.1");
