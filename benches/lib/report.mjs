// The page that a run leaves behind.
import { cpus, totalmem } from "node:os";
import { readFileSync } from "node:fs";

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
const of = (rounds, what) => median(rounds.map((round) => round[what]));
const ms = (value) => value.toFixed(value < 0.1 ? 3 : 2);
const table = (head, rows) => [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...rows.map((row) => `| ${row.join(" | ")} |`), ""];
const NAMES = { lmi: "lmi", floor: "floor", yoga: "Yoga + jit + DataLoader", postgraphile: "PostGraphile 5" };
const PEERS = ["yoga", "postgraphile"];

/** The costs of a data set, as ratios to the floor and to the best peer. */
function costs({ results }) {
  const servers = Object.keys(Object.values(results)[0]);
  const head = ["operation", ...servers.map((name) => NAMES[name]), "lmi to floor", "lmi to best peer"];
  const rows = Object.entries(results).map(([operation, measured]) => {
    const sum = (name) => of(measured[name], "sum");
    const cell = (name) => `${ms(of(measured[name], "server"))} + ${ms(of(measured[name], "database"))} = **${ms(sum(name))}**`;
    const best = Math.min(...PEERS.filter((name) => measured[name]).map(sum));
    const ratio = (to) => (measured.lmi && Number.isFinite(to) ? `${(sum("lmi") / to).toFixed(2)}` : "–");
    return [operation, ...servers.map(cell), ratio(measured.floor ? sum("floor") : NaN), ratio(best)];
  });
  return table(head, rows);
}

/** Requests per second and latencies. */
function speeds({ results }) {
  const servers = Object.keys(Object.values(results)[0]);
  const cell = (rounds) => `${of(rounds, "rps").toFixed(0)}/s, ${of(rounds, "p50").toFixed(1)}, ${of(rounds, "p99").toFixed(1)}`;
  return table(["operation", ...servers.map((name) => NAMES[name])], Object.entries(results).map(([operation, measured]) => [operation, ...servers.map((name) => cell(measured[name]))]));
}

function keptAnswers({ kept }) {
  const rows = Object.entries(kept).map(([operation, { kept: ours, static: plain }]) => [
    operation, ms(of(ours, "server")), ms(of(plain, "server")), (of(ours, "server") / of(plain, "server")).toFixed(2),
    `${of(ours, "rps").toFixed(0)}/s`, `${of(plain, "rps").toFixed(0)}/s`,
  ]);
  return table(["operation", "kept answer, ms", "as many bytes from memory, ms", "ratio", "kept", "from memory"], rows);
}

function memories({ results }) {
  const measured = Object.values(results);
  return Object.keys(measured[0]).map((name) => `${NAMES[name]} ${Math.max(...measured.flatMap((by) => by[name].map((round) => round.memory))).toFixed(0)} MB`).join(", ");
}

/** The whole page. */
export function report(sets, { operations, seconds, rounds, note }) {
  const versions = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).dependencies;
  const named = (name) => `${name} ${versions[name]}`;
  const lines = [
    "# Performance", "",
    "Printed by `benches/run`, which measures all of this again on your machine; `benches/README.md` says how and what is compared.",
    `Here: ${cpus()[0].model}, ${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; PostgreSQL ${sets[0].postgres}, ` +
      `Node ${process.versions.node}, ${["postgraphile", "graphql-yoga", "graphql-jit", "dataloader", "pg"].map(named).join(", ")}.`, "",
    `Each number is the median of ${rounds} interleaved rounds of ${seconds} seconds with 16 connections. Costs are milliseconds of processor ` +
      "time per request: server + database = **sum**. Every answer of every server was checked.", "",
    ...(note ? [note, ""] : []),
    ...operations.map(({ name, what }) => `- **${name}**: ${what}`), "",
  ];
  for (const set of sets) {
    const sizes = Object.entries(set.rows).map(([name, count]) => `${count.toLocaleString("en")} × ${name}`).join(", ");
    lines.push(`## ${set.set.replace("-", " times, ").replace(/^(\d+)$/, "$1 times, even")}`, "", `Rows: ${sizes}. Nothing is kept in memory between requests.`, "");
    lines.push(...costs(set), "Requests per second, median and 99th percentile of latency in milliseconds:", "", ...speeds(set));
    if (Object.keys(set.kept).length) lines.push("Answers that are kept, server alone:", "", ...keptAnswers(set));
    lines.push(`Memory of the servers at most: ${memories(set)}.`, "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}
