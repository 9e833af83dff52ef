// Measures the product beside its peers and the floor; see README.md. Started by ./run, which builds what it needs.
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import pg from "pg";
import { measure } from "./lib/measure.mjs";
import { OPERATIONS, normalised, written } from "./lib/operations.mjs";
import { stopAll, wholly } from "./lib/processes.mjs";
import { report } from "./lib/report.mjs";
import { startFloor, startLmi, startPeer } from "./lib/servers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    sets: { type: "string", default: "1,1-skewed,10" },
    only: { type: "string", default: Object.keys(OPERATIONS).join(",") },
    servers: { type: "string", default: "floor,lmi,yoga,postgraphile" },
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    lmi: { type: "string", default: `${here}../target/release/lmi` },
    floor: { type: "string", default: `${here}target/release/floor` },
    note: { type: "string", default: "" },
    out: { type: "string", default: `${here}../docs/performance.md` },
  },
});
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
const operations = options.only.split(",").map((name) => ({ name, ...OPERATIONS[name] }));
const work = `${here}target`;
mkdirSync(`${work}/logs`, { recursive: true });

/** What requests of a data set vary by. */
async function variety(db) {
  const rows = async (sql) => (await db.query({ text: sql, rowMode: "array" })).rows.flat();
  return {
    nothing: [null],
    convenings: await rows("SELECT id FROM convening WHERE agenda_published ORDER BY starts_on, id LIMIT 64"),
    prefixes: await rows("SELECT DISTINCT lower(left(split_part(name, ' ', -1), 5)) FROM person WHERE id IN (SELECT person_id FROM released_speaker) ORDER BY 1 LIMIT 64"),
  };
}

/** Two answers a little before where they begin to differ. */
function fromDifference(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return [one, other].map((answer) => `…${answer.slice(Math.max(0, at - 150), at + 150)}…`);
}

/** Asks every server everything once, and holds the answers against one another. What each of them said, byte for byte. */
async function compare(servers, operation, varieties) {
  const bodies = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (const vary of varieties[operation.varies]) {
    let first;
    for (const [name, server] of Object.entries(servers)) {
      const body = await server.request(operation, vary).send();
      const { data = JSON.parse(body), errors } = JSON.parse(body);
      if (errors) throw new Error(`${name} answers ${operation.name} with ${body}`);
      const answer = JSON.parse(JSON.stringify(normalised(data)));
      first ??= { name, answer };
      if (!isDeepStrictEqual(answer, first.answer)) {
        const [one, other] = fromDifference(JSON.stringify(answer), JSON.stringify(first.answer));
        throw new Error(`${name} and ${first.name} answer ${operation.name} (${vary}) differently:\n${one}\n${other}`);
      }
      bodies[name].push(body);
    }
  }
  return bodies;
}

/** Writes sessions, counts them, and takes them away again. */
async function measureWrites(context, name, server, operation, round) {
  const { db, varieties } = context;
  const run = `${round}${Object.keys(context.servers).indexOf(name)}00`;
  // Held by nobody else: convenings whose agendas are still being worked on.
  const requests = context.drafts.map((convening) => server.request(operation, written(run, convening)));
  const count = async () => Number((await db.query("SELECT count(*) FROM session WHERE slug LIKE 'bench-%'")).rows[0].count);
  const clear = () => db.query("DELETE FROM session WHERE slug LIKE 'bench-%'");
  // A run that was broken off may have left some.
  await clear();
  const result = await measure({ ...context.measured(server), requests, expected: { part: `Bench session ${run}-` }, asksDatabase: true });
  const made = await count();
  // Those that were sent to warm up are among them.
  if (made < result.requests) throw new Error(`${name} answered ${result.requests} writes and wrote ${made}`);
  await clear();
  return result;
}

/** One data set: all servers, interleaved. */
async function measureSet(set) {
  const [scale, skew] = set.split("-");
  const folder = `${work}/data/${set}`;
  mkdirSync(folder, { recursive: true });
  const log = (name) => `${work}/logs/${set}-${name}.txt`;
  const lmi = await startLmi({ binary: options.lmi, folder, scale, skew: skew === "skewed", kept: false, log: log("lmi") });
  const { socket, postmaster } = lmi;
  const db = new pg.Client({ host: socket, user: "postgres", database: "lmi" });
  db.on('error', () => {});
  await db.connect();
  await db.query(readFileSync(`${here}peers/postgraphile.sql`, "utf8"));
  const starters = {
    lmi: async () => lmi,
    floor: () => startFloor({ binary: options.floor, socket, database: "lmi", log: log("floor") }),
    yoga: () => startPeer({ name: "yoga", folder: `${here}peers`, socket, database: "lmi", log: log("yoga") }),
    postgraphile: () => startPeer({ name: "postgraphile", folder: `${here}peers`, socket, database: "lmi", log: log("postgraphile") }),
  };
  const servers = {};
  for (const name of options.servers.split(",")) servers[name] = await starters[name]();
  const statements = async () => Number((await db.query("SELECT xact_commit FROM pg_stat_database WHERE datname = 'lmi'")).rows[0].xact_commit);
  const varieties = await variety(db);
  const drafts = (await db.query({ text: "SELECT id FROM convening WHERE NOT agenda_published ORDER BY id LIMIT 16", rowMode: "array" })).rows.flat();
  const measured = (server) => ({ server, postmaster, seconds, file: `${work}/plan.lua`, statements });
  const context = { db, varieties, servers, measured, drafts };

  const results = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const operation of operations) {
      for (const server of Object.values(servers)) await server.renew();
      const bodies = operation.writes ? null : await compare(servers, operation, varieties);
      for (const [name, server] of Object.entries(servers)) {
        const requests = bodies && varieties[operation.varies].map((vary) => server.request(operation, vary));
        const result = bodies
          ? await measure({ ...measured(server), requests, expected: { answers: bodies[name] }, asksDatabase: true })
          : await measureWrites(context, name, server, operation, round);
        ((results[operation.name] ??= {})[name] ??= []).push(result);
        console.error(`${set} ${round} ${operation.name} ${name}: ${result.sum.toFixed(3)} ms (${result.server.toFixed(3)} + ${result.database.toFixed(3)}), ${result.rps.toFixed(0)}/s`);
      }
    }
  }
  const kept = servers.floor && servers.lmi ? await measureKept({ folder, set, log, servers, varieties, measured }) : {};
  const facts = { set, rows: await sizes(db), postgres: (await db.query("SHOW server_version")).rows[0].server_version };
  await db.end();
  await stopAll();
  return { ...facts, results, kept };
}

/** Answers that the product keeps, beside as many bytes from memory. */
async function measureKept({ folder, set, log, servers, varieties, measured }) {
  const keeping = await startLmi({ binary: options.lmi, folder, kept: true, log: log("kept") });
  const results = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const operation of operations.filter((operation) => operation.cached)) {
      const requests = varieties[operation.varies].map((vary) => keeping.request(operation, vary));
      const bodies = await compare({ lmi: servers.lmi, kept: keeping }, operation, varieties);
      const letters = requests.map((request, i) => servers.floor.letters(Buffer.byteLength(bodies.kept[i]), request.body));
      const plain = letters.map((request) => "x".repeat(Number(request.path.split("/")[2])));
      const pair = {
        kept: { ...measured(keeping), requests, expected: { answers: bodies.kept } },
        static: { ...measured(servers.floor), requests: letters, expected: { answers: plain } },
      };
      for (const [name, what] of Object.entries(pair)) {
        const result = await measure({ ...what, asksDatabase: false });
        ((results[operation.name] ??= {})[name] ??= []).push(result);
        console.error(`${set} ${round} ${operation.name} ${name}: ${result.server.toFixed(4)} ms, ${result.rps.toFixed(0)}/s`);
      }
    }
  }
  return results;
}

async function sizes(db) {
  const tables = ["district", "convening", "session", "person", "team", "team_member", "change"];
  const counts = {};
  for (const table of tables) counts[table] = Number((await db.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
  return counts;
}

await wholly(async () => {
  const sets = [];
  for (const set of options.sets.split(",")) sets.push(await measureSet(set));
  writeFileSync(`${work}/results.json`, JSON.stringify(sets, null, 1));
  writeFileSync(options.out, report(sets, { operations, seconds, rounds, note: options.note }));
  console.error(`Written to ${options.out}.`);
});
