// Measures what a request costs as data grow; see README.md. Started by ./run-flat, which builds what it needs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { cost } from "./lib/flat/cost.mjs";
import { KINDS } from "./lib/flat/operations.mjs";
import { holds, report } from "./lib/flat/report.mjs";
import { samples } from "./lib/flat/samples.mjs";
import { makeAccounts, signIn } from "./lib/flat/viewers.mjs";
import { stopAll, wholly } from "./lib/processes.mjs";
import { PORTS, startLmi } from "./lib/servers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    sets: { type: "string", default: "1,1-skewed,10,10-skewed" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "2" },
    pages: { type: "string", default: "1000" },
    port: { type: "string", default: String(PORTS.lmi) },
    lmi: { type: "string", default: `${here}../target/release/lmi` },
    data: { type: "string", default: `${here}target/data` },
    note: { type: "string", default: "" },
    out: { type: "string", default: `${here}../docs/flatness.md` },
  },
});
PORTS.lmi = Number(options.port);
const [rounds, pages] = [Number(options.rounds), Number(options.pages)];
const wanted = new RegExp(options.only);
const PAGE = 20;

/** The operations that are measured, by kind: of each page one from the start of its list and one from deep within. */
const kinds = Object.fromEntries(Object.entries(KINDS).map(([kind, operations]) => {
  const known = Object.entries(operations).filter(([name]) => wanted.test(name));
  const both = known.flatMap(([name, operation]) =>
    operation.deep ? [[name, operation], [`${name}, page ${pages.toLocaleString("en")}`, { ...operation, isDeep: true }]] : [[name, operation]]);
  return [kind, Object.fromEntries(both)];
}).filter(([, operations]) => Object.keys(operations).length > 0));

/** How often it is asked again, a second apart, for what is being made. */
const PATIENCE = 900;

/** Asks, and gives the data of an answer without errors. */
async function ask(heads, { document, as }, variables, left = PATIENCE) {
  const headers = { "content-type": "application/json", ...heads[as] };
  const body = JSON.stringify({ query: document, variables });
  const answer = await fetch(`http://127.0.0.1:${PORTS.lmi}/graphql`, { method: "POST", headers, body });
  const { data, errors } = await answer.json();
  // The feed of somebody who comes for the first time is made first, of all that there is.
  if (left > 0 && errors?.every(({ extensions }) => extensions.code === "UNAVAILABLE")) {
    await sleep(1000);
    return ask(heads, { document, as }, variables, left - 1);
  }
  const refused = Object.values(data ?? {}).find((field) => field?.userErrors?.length > 0);
  if (errors || refused) throw new Error(JSON.stringify(errors ?? refused));
  return data;
}

/** The cursor before a page deep within a list: the thousandth, or the last where there are fewer. */
async function walk(heads, operation, variables) {
  let after = null;
  for (let left = (pages - 1) * PAGE; left > 0; ) {
    const first = Math.min(left, 100);
    const data = await ask(heads, operation, { ...variables, first, after });
    const { pageInfo } = operation.deep.split("/").reduce((at, name) => at[name], data);
    // The page that is measured is to be a whole one.
    if (!pageInfo.hasNextPage) return after;
    after = pageInfo.endCursor;
    left -= first;
  }
  return after;
}

/** Measures one operation. */
async function measure(context, name, operation) {
  const heads = await context.heads();
  const of = context.samples[operation.of];
  const given = operation.writes ? null : of.map((value) => operation.variables(value));
  const run = `${Date.now()}`;
  const cursor = operation.isDeep ? await walk(heads, operation, given[0]) : null;
  const variables = (i) => (given ? { ...given[i % given.length], ...(cursor ? { after: cursor } : {}) } : operation.variables(of[i % of.length], `${run}-${i}`));
  const result = await cost((i) => ask(heads, operation, variables(i)), context);
  if (operation.writes) await context.db.query("DELETE FROM session WHERE slug LIKE 'flat-%'");
  return result;
}

/** All operations on one data set. */
async function measureSet(set) {
  const [scale, skew] = set.split("-");
  const folder = `${options.data}/${set}`;
  mkdirSync(folder, { recursive: true });
  mkdirSync(`${here}target/logs`, { recursive: true });
  const begun = performance.now();
  const isNew = !existsSync(`${folder}/generated`);
  const lmi = await startLmi({ binary: options.lmi, folder, scale, skew: skew === "skewed", kept: false, log: `${here}target/logs/flat-${set}.txt` });
  if (isNew) console.error(`${set}: there after ${Math.round((performance.now() - begun) / 1000)} seconds`);
  const db = new pg.Client({ host: lmi.socket, user: "postgres", database: "lmi" });
  db.on("error", () => {});
  await db.connect();
  await makeAccounts(db, options.lmi, folder);
  let signedIn = 0;
  let heads;
  const context = {
    db, server: lmi.child.pid, postmaster: lmi.postmaster, samples: await samples(db),
    // A token is good for a quarter of an hour.
    heads: async () => {
      if (performance.now() - signedIn > 300_000 || !heads) [heads, signedIn] = [await signIn(PORTS.lmi), performance.now()];
      return heads;
    },
  };
  const results = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, operation] of Object.values(kinds).flatMap(Object.entries)) {
      try {
        const result = await measure(context, name, operation);
        console.error(`${set} ${round} ${name}: ${result.sum.toFixed(2)} ms (${result.server.toFixed(2)} + ${result.database.toFixed(2)}), takes ${result.median.toFixed(1)} ms`);
        if (!(results[name]?.sum <= result.sum)) results[name] = result;
      } catch (error) {
        throw new Error(`${set}, ${name}: ${error.message}`);
      }
    }
  }
  const facts = { set, rows: await sizes(db), megabytes: await megabytes(db), postgres: (await db.query("SHOW server_version")).rows[0].server_version };
  await db.end();
  await stopAll();
  return { ...facts, results };
}

async function sizes(db) {
  const counts = {};
  for (const table of ["district", "convening", "session", "person", "team", "team_member", "change"]) {
    counts[table] = Number((await db.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
  }
  return counts;
}

const megabytes = async (db) => Math.round(Number((await db.query("SELECT pg_database_size('lmi') AS size")).rows[0].size) / 2 ** 20);

await wholly(async () => {
  const sets = [];
  for (const set of options.sets.split(",")) {
    const known = `${here}target/flat-${set}.json`;
    sets.push(await measureSet(set));
    writeFileSync(known, JSON.stringify(sets.at(-1), null, 1));
  }
  writeFileSync(options.out, report(kinds, sets, { note: options.note, rounds }));
  const [first, ...others] = sets;
  for (const [name, { grows }] of Object.values(kinds).flatMap(Object.entries)) {
    for (const other of others) {
      const [small, large] = [first.results[name], other.results[name]];
      if (!holds(grows, small, large)) console.error(`${name}: ${small.sum.toFixed(2)} ms with ${first.set}, ${large.sum.toFixed(2)} ms with ${other.set}`);
    }
  }
  console.error(`Written to ${options.out}.`);
});
