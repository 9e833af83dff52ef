// What requests vary by: rows of the data set, taken from all over it, the same in each run.
const TYPES = { organization: 1, district: 2, county: 3, person: 6, convening: 8, session: 13, team: 18 };
const HOW_MANY = 64;

/** The product's id of a row. */
const globalId = (table, key) => Buffer.concat([Buffer.from([TYPES[table]]), Buffer.from(key.replaceAll("-", ""), "hex")]).toString("base64url");

/** The text with two of its letters in the wrong order. */
const mistyped = (text) => text.replace(/^(..)(.)(.)/, "$1$3$2");

/** What the data set offers to ask for. */
export async function samples(db) {
  const column = async (sql) => (await db.query({ text: sql, rowMode: "array" })).rows.flat();
  const some = (table, value, where = "true") =>
    column(`SELECT ${value} FROM (SELECT * FROM ${table} WHERE ${where} ORDER BY md5(id::text) LIMIT ${HOW_MANY}) AS picked`);
  const ids = async (table, where) => (await some(table, "id", where)).map((key) => globalId(table, key));
  const people = await some("person", "name", "id IN (SELECT person_id FROM released_speaker WHERE shown)");
  const lists = {
    convenings: await ids("convening", "agenda_published"),
    drafts: await ids("convening", "NOT agenda_published"),
    districts: await ids("district"), organizations: await ids("organization"), sessions: await ids("session", "id IN (SELECT id FROM released_session)"),
    teams: await ids("team"), speakers: await ids("person", "id IN (SELECT person_id FROM released_speaker)"), counties: await ids("county", "name <> 'Los Angeles'"),
    conveningSlugs: await some("convening", "slug"), organizationSlugs: await some("organization", "slug"), codes: await some("district", "cds_code"),
    personSlugs: await some("person", "slug", "id IN (SELECT person_id FROM released_speaker)"),
    names: people, beginnings: [...new Set(people.map((name) => name.toLowerCase().split(" ").at(-1).slice(0, 5)))],
    typos: people.map((name) => name.toLowerCase().split(" ").map(mistyped).join(" ")),
    nobodies: Array.from({ length: HOW_MANY }, (_, i) => `qzx${String.fromCharCode(97 + (i % 26))}wvk${i}`),
    places: await some("district", "lower(left(name, 6))"), bodies: (await some("organization", "lower(name)")).map((name) => name.split(" ").slice(0, 2).join(" ")),
    subjects: ["bargaining", "peer assistance", "shared decisions", "school climate", "joint budgets", "institute 2019", "symposium"],
    largest: [globalId("convening", (await column(`SELECT convening_id FROM team JOIN convening ON convening.id = convening_id
      WHERE agenda_published GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`))[0])],
    nothing: [null],
  };
  const mixed = [lists.speakers, lists.convenings, lists.districts, lists.sessions, lists.organizations];
  lists.tens = Array.from({ length: HOW_MANY }, (_, i) => mixed.flatMap((list) => [list[i % list.length], list[(i + 7) % list.length]]));
  return lists;
}
