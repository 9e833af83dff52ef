// What is asked of every size of data: look-ups, pages, searches, counts, groups and writes. Each says who asks, and what
// its requests vary by (`samples.mjs`). What one is expected to do as data grow stands beside it: `flat` costs the same,
// `log` hardly more, and what `grows` reads every row that it speaks of.

const page = "pageInfo { hasNextPage endCursor }";
const Q1 = "query ($id: ID!) { convening(by: {id: $id}) { id title startsOn endsOn } }";
const Q2 = `{ districts(first: 50, orderBy: {field: NAME}) { edges { cursor node { id name kind county { name } } } ${page} } }`;
const Q3 = "query ($id: ID!) { convening(by: {id: $id}) { id title sessions(first: 20) { nodes { id title date speakers { role person { name } organization { name } } } } } }";
const Q4 = "query ($id: ID!) { convening(by: {id: $id}) { id title teams(first: 50) { nodes { id district { name } members(first: 10) { nodes { seat person { name } } } } } } }";
const Q6 = "query ($id: ID!) { participation(filter: {convening: $id}, groupBy: [COUNTY]) { county { name } teams } }";
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Person { name } ... on Convening { title } ... on District { name }
  ... on Session { title } ... on Organization { name } } }`;

const one = (key) => (value) => ({ [key]: value });
const id = one("id");
const none = () => ({});
const typed = one("typed");
const search = (field, nodes) => `query ($typed: String!) { ${field}(filter: {search: $typed}, first: 20) { nodes { ${nodes} } } }`;
const everything = `query ($typed: String!) { search(query: $typed, first: 20) { nodes { __typename ... on Node { id } } } }`;
const total = (field, filter = "") => `{ ${field}${filter} { totalCount } }`;
const history = (field) => `query ($id: ID!) { ${field} { history(first: 20) { nodes { recordedAt action part changes { field before after } } ${page} } } }`;
const by = (field, inner) => `query ($id: ID!) { ${field}(by: {id: $id}) { ${inner} } }`;

const look = (document, of, variables = id, as) => ({ document, of, variables, as, grows: "flat" });

/** Rows by what they are known by. */
const LOOKUPS = {
  "convening by id (Q1)": look(Q1, "convenings"),
  "convening by slug": look("query ($slug: String!) { convening(by: {slug: $slug}) { id title } }", "conveningSlugs", one("slug")),
  "district by code": look("query ($code: String!) { district(by: {cdsCode: $code}) { id name county { name } } }", "codes", one("code")),
  "organization by slug": look("query ($slug: String!) { organization(by: {slug: $slug}) { id name } }", "organizationSlugs", one("slug")),
  "person by slug": look("query ($slug: String!) { person(by: {slug: $slug}) { id name } }", "personSlugs", one("slug")),
  "person by slug, as a partner": look("query ($slug: String!) { person(by: {slug: $slug}) { id name } }", "personSlugs", one("slug"), "partner"),
  "session by id": look("query ($id: ID!) { session(id: $id) { id title } }", "sessions"),
  "session by id, as an organizer": look("query ($id: ID!) { session(id: $id) { id title } }", "sessions", id, "organizer"),
  "team with its members, as staff": look("query ($id: ID!) { team(id: $id) { id members(first: 10) { nodes { seat person { name } } } } }", "teams", id, "staff"),
  "ten of several types by id": look(NODES, "tens", one("ids")),
};

/** Rows that belong to one, and trees. */
const TREES = {
  "convening, sessions, speakers (Q3)": look(Q3, "convenings"),
  "the same, as an organizer": look(Q3, "convenings", id, "organizer"),
  "convening, teams, members, as staff (Q4)": look(Q4, "convenings", id, "staff"),
  "the same, as a team lead": look(Q4, "convenings", id, "lead"),
  "50 districts with counties (Q2)": look(Q2, "nothing", none),
  "a person's appearances": look(by("person", `appearances(first: 20) { nodes { role session { title } } ${page} }`), "speakers"),
  "a person's affiliations": look(by("person", `affiliations(first: 20) { nodes { title organization { name } } ${page} }`), "speakers"),
  "a district's teams": look(by("district", `teams(first: 20) { nodes { id status } ${page} }`), "districts"),
  "an organization's people": look(by("organization", `affiliations(first: 20) { nodes { title person { name } } ${page} }`), "organizations"),
  "an organization's sponsorships": look(by("organization", `sponsorships(first: 20) { nodes { role } ${page} }`), "organizations"),
  "a convening's delegations": look(by("convening", `delegations(first: 20) { nodes { organization { name } } ${page} }`), "convenings"),
  "a convening's history, as staff": look(history("convening(by: {id: $id})"), "convenings", id, "staff"),
  "a team's history, as staff": look(history("team(id: $id)"), "teams", id, "staff"),
  "a county's districts": look(`query ($id: ID!) { node(id: $id) { ... on County { districts(first: 20) { nodes { name } ${page} } } } }`, "counties"),
};

/** One page of each large list, in each order that it offers: the first, and one from deep within. */
function pages() {
  const orders = {
    convenings: ["STARTS_ON", "TITLE", "UPDATED_AT"], districts: ["COUNTY", "ENROLLMENT", "NAME", "UPDATED_AT"],
    organizations: ["CREATED_AT", "NAME", "UPDATED_AT"], people: ["NAME", "UPDATED_AT"],
  };
  const list = (field, inner, more = "") =>
    `query ($after: String, $first: Int = 20) { ${field}(first: $first, after: $after${more}) { nodes { ${inner} } ${page} } }`;
  const made = {};
  const add = (name, field, document, as, inside) => {
    made[name] = { document, of: inside ?? "nothing", as, deep: field, grows: "flat", variables: inside ? id : none };
  };
  for (const [field, names] of Object.entries(orders)) {
    for (const order of names) {
      for (const direction of ["ASC", "DESC"]) {
        add(`${field} by ${order}${direction === "DESC" ? ", descending" : ""}`, field, list(field, "id", `, orderBy: {field: ${order}, direction: ${direction}}`));
      }
    }
  }
  for (const as of ["staff", "partner", "organizer", "lead"]) add(`people by NAME, as ${as}`, "people", list("people", "id name"), as);
  for (const as of [undefined, "staff", "partner", "organizer", "lead"]) add(`teams${as ? `, as ${as}` : ""}`, "teams", list("teams", "id status"), as);
  add("teams of a county", "teams", list("teams", "id", ', filter: {county: ["Los Angeles"]}'));
  add("teams that are selected, as staff", "teams", list("teams", "id", ", filter: {status: [SELECTED]}"), "staff");
  add("people of an organization", "people", `query ($id: ID!, $after: String, $first: Int = 20) { people(filter: {organization: $id}, first: $first, after: $after) { nodes { id } ${page} } }`, undefined, "organizations");
  add("districts of a county and kind", "districts", list("districts", "id", ', filter: {county: ["Los Angeles"], kind: [HIGH]}'));
  add("convenings that are over", "convenings", list("convenings", "id", ", filter: {status: [COMPLETED]}, orderBy: {field: STARTS_ON}"));
  add("the feed of changes", "changes", `query ($after: String, $first: Int = 20) { changes(from: BEGINNING, first: $first, after: $after) { nodes { action typename nodeId } ${page} } }`);
  add("the feed of changes, as staff", "changes", `query ($after: String, $first: Int = 20) { changes(from: BEGINNING, first: $first, after: $after) { nodes { action typename nodeId } ${page} } }`, "staff");
  add("sessions of a large convening", "convening/sessions", `query ($id: ID!, $after: String, $first: Int = 20) { convening(by: {id: $id}) { sessions(first: $first, after: $after) { nodes { id title } ${page} } } }`, undefined, "largest");
  add("teams of a large convening, as staff", "convening/teams", `query ($id: ID!, $after: String, $first: Int = 20) { convening(by: {id: $id}) { teams(first: $first, after: $after) { nodes { id status } ${page} } } }`, "staff", "largest");
  return made;
}

const finds = (document, of, as) => ({ document, of, variables: typed, as, grows: "log" });

/** What somebody typed. */
const SEARCHES = {
  "people by the beginning of a name (Q5)": finds(search("people", "id name"), "beginnings"),
  "the same, as a partner": finds(search("people", "id name"), "beginnings", "partner"),
  "the same, as staff": finds(search("people", "id name"), "beginnings", "staff"),
  "people by first and last name": finds(search("people", "id name"), "names"),
  "people by a name with a typo": finds(search("people", "id name"), "typos"),
  "people by what nobody is called": finds(search("people", "id name"), "nobodies"),
  "districts by the beginning of a name": finds(search("districts", "id name"), "places"),
  "organizations by words": finds(search("organizations", "id name"), "bodies"),
  "convenings by words": finds(search("convenings", "id title"), "subjects"),
  "everything by a name": finds(everything, "names"),
  "everything by a word": finds(everything, "subjects"),
  "everything by a name with a typo": finds(everything, "typos"),
};

const counts = (document, as, of = "nothing", variables = none) => ({ document, of, variables, as, grows: "grows" });

/** What speaks of all rows. */
const COUNTS = {
  "totalCount of convenings": counts(total("convenings")),
  "totalCount of districts": counts(total("districts")),
  "totalCount of people": counts(total("people")),
  "totalCount of people, as a partner": counts(total("people"), "partner"),
  "totalCount of people, as an organizer": counts(total("people"), "organizer"),
  "totalCount of people, as staff": counts(total("people"), "staff"),
  "totalCount of teams": counts(total("teams")),
  "totalCount of teams, as a team lead": counts(total("teams"), "lead"),
  "totalCount of teams, as staff": counts(total("teams"), "staff"),
  "totalCount of a convening's sessions": { ...counts(by("convening", "sessions { totalCount }"), undefined, "convenings", id), grows: "flat" },
  "totalCount of a convening's teams, as staff": { ...counts(by("convening", "teams { totalCount }"), "staff", "convenings", id), grows: "flat" },
  "teams per county of a convening (Q6)": { ...counts(Q6, undefined, "convenings", id), grows: "flat" },
  "participation by year, of all": counts("{ participation(groupBy: [YEAR]) { year teams districts } }"),
  "participation by county, of all": counts("{ participation(groupBy: [COUNTY]) { county { name } teams districts } }"),
  "participation of all, as staff": counts("{ participation(groupBy: []) { teams districts } }", "staff"),
  "districts that took part, first page": counts("{ districtParticipation(first: 20) { nodes { convenings years } } }"),
  "changes of seats, first page, as staff": counts("{ seatChanges(first: 20) { nodes { person { name } anotherSeat } } }", "staff"),
  "interest in offerings by county": counts("{ offeringDemand(groupBy: [COUNTY]) { county { name } districts } }", "staff"),
};

/** What is written. */
const WRITES = {
  "create a session, as staff (M1)": {
    document: "mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { id title } userErrors { code } } }",
    of: "drafts", as: "staff", grows: "flat", writes: true,
    variables: (conveningId, number) => ({ input: { conveningId, slug: `flat-${number}`, title: `Flat session ${number}`, format: "BREAKOUT" } }),
  },
};

/** All of them, by kind. */
export const KINDS = { "Look-ups": LOOKUPS, "Trees": TREES, "Pages": pages(), "Searches": SEARCHES, "Counts and groups": COUNTS, "Writes": WRITES };
