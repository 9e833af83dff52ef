// The operations, word for word in the product's schema, and the same in PostGraphile's, each with what varies in it.
const id = (key, type) => Buffer.concat([Buffer.from([type]), Buffer.from(key.replaceAll("-", ""), "hex")]).toString("base64url");
/** The product's id of a convening. */
export const conveningId = (key) => id(key, 8);

const Q1 = "query Q1($id: ID!) { convening(by: {id: $id}) { id title startsOn endsOn } }";
const Q2 = "query Q2 { districts(first: 50, orderBy: {field: NAME}) { edges { cursor node { id name kind county { name } } } pageInfo { hasNextPage endCursor } } }";
const Q3 = "query Q3($id: ID!) { convening(by: {id: $id}) { id title sessions(first: 20) { nodes { id title date speakers { role person { name } organization { name } } } } } }";
const Q4 = "query Q4($id: ID!) { convening(by: {id: $id}) { id title teams(first: 50) { nodes { id district { name } members(first: 10) { nodes { seat person { name } } } } } } }";
const Q5 = "query Q5($prefix: String!) { people(filter: {search: $prefix}, first: 20) { nodes { id name } } }";
const Q6 = "query Q6($id: ID!) { participation(filter: {convening: $id}, groupBy: [COUNTY]) { county { name } teams } }";
const M1 = "mutation M1($input: CreateSessionInput!) { createSession(input: $input) { session { id title } userErrors { code } } }";

const P1 = "query Q1($id: UUID!) { convening: conveningByRowId(rowId: $id) { id: rowId title startsOn endsOn } }";
const P2 = "query Q2 { districts: allDistricts(first: 50, orderBy: [SORT_NAME_ASC, PRIMARY_KEY_ASC]) { edges { cursor node { id: rowId name kind county: countyByCountyId { name } } } pageInfo { hasNextPage endCursor } } }";
const P3 = "query Q3($id: UUID!) { convening: conveningByRowId(rowId: $id) { id: rowId title sessions: agenda(first: 20) { nodes { id: rowId title date speakers: releasedSpeakersBySessionId(orderBy: [ROLE_RANK_ASC, POSITION_ASC, PRIMARY_KEY_ASC]) { nodes { role person: personByPersonId { name } organization: organizationByOrganizationId { name } } } } } } }";
const P4 = "query Q4($id: UUID!) { convening: conveningByRowId(rowId: $id) { id: rowId title teams: rosters(first: 50) { nodes { id: rowId district: districtByDistrictId { name } members: teamMembersByTeamIdAndConveningId(first: 10, orderBy: [SEAT_RANK_ASC, PRIMARY_KEY_ASC]) { nodes { seat person: personByPersonId { name } } } } } } }";
const P5 = "query Q5($prefix: String!) { people: benchPeopleByPrefix(prefix: $prefix, first: 20) { nodes { id: rowId name } } }";
const P6 = "query Q6($id: UUID!) { participation: benchTeamsPerCounty(ofConvening: $id) { nodes { county teams } } }";
const PM = "mutation M1($input: CreateSessionInput!) { createSession(input: $input) { session { id: rowId title } } }";

const byConvening = {
  floor: (convening) => ({ id: convening }),
  lmi: (convening) => ({ id: conveningId(convening) }),
  peer: (convening) => ({ id: convening }),
};
const byPrefix = { floor: (prefix) => ({ prefix }), lmi: (prefix) => ({ prefix }), peer: (prefix) => ({ prefix }) };

/** A session that is written; eight signs in it are counted up with each request. */
const written = (run, convening) => ({ id: `b0000000-${run}-7000-8000-0000@@@@@@@@`, convening, slug: `bench-${run}-@@@@@@@@`, title: `Bench session ${run}-@@@@@@@@` });
const session = ({ convening, slug, title }) => ({ conveningId: convening, slug, title, format: "BREAKOUT" });
const bySession = {
  floor: (made) => made,
  lmi: (made) => ({ input: session({ ...made, convening: conveningId(made.convening) }) }),
  yoga: (made) => ({ input: session(made) }),
  postgraphile: (made) => ({ input: { session: { ...session(made), rowId: made.id, format: "breakout" } } }),
};

/** Each operation: what it is, its documents, and who asks it with what. */
export const OPERATIONS = {
  Q1: { what: "one convening by id", document: Q1, postgraphile: P1, varies: "convenings", variables: byConvening, cached: true },
  Q2: { what: "first 50 districts by name", document: Q2, postgraphile: P2, varies: "nothing", variables: { floor: () => ({}), lmi: () => ({}), peer: () => ({}) }, cached: true },
  Q3: { what: "convening → 20 sessions → speakers → person → organization", document: Q3, postgraphile: P3, varies: "convenings", variables: byConvening, cached: true },
  Q4: { what: "convening → 50 teams → district, members → person, as staff", document: Q4, postgraphile: P4, varies: "convenings", variables: byConvening, asStaff: true },
  Q5: { what: "people by prefix, 20", document: Q5, postgraphile: P5, varies: "prefixes", variables: byPrefix },
  Q6: { what: "teams per county of a convening", document: Q6, postgraphile: P6, varies: "convenings", variables: byConvening },
  M1: { what: "create a session, as staff", document: M1, postgraphile: PM, varies: "written", variables: bySession, asStaff: true, writes: true },
};
export { written };

const WORDS = new Set(["kind", "role", "seat"]);
const key = (text) => {
  const bytes = Buffer.from(text, "base64url");
  return text.length === 23 && bytes.length === 17
    ? bytes.subarray(1).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
    : text;
};

/** An answer in a form that is the same for every server that answers the same. */
export function normalised(answer, at = "") {
  if (Array.isArray(answer)) return answer.map((item) => normalised(item, at));
  if (answer === null || typeof answer !== "object") {
    if (at === "cursor" || at === "endCursor") return typeof answer === "string" && answer.length > 0;
    if (at === "id") return key(answer);
    return WORDS.has(at) ? answer.toLowerCase() : answer;
  }
  if (at === "speakers" || at === "participation") {
    // PostGraphile has a page where the product has a list, and a county by its name.
    if (answer.nodes) return normalised(answer.nodes.map((row) => (typeof row.county === "string" ? { ...row, county: { name: row.county } } : row)), at);
  }
  return Object.fromEntries(Object.keys(answer).sort().map((name) => [name, normalised(answer[name], name)]));
}
