// The page that says what grows and what does not.
import { cpus, totalmem } from "node:os";

const number = (value) => (value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2));
const row = (cells) => `| ${cells.join(" | ")} |`;

/** By how much one may cost more than in the smallest set. */
const BOUND = { flat: 1.2, log: 2 };
/** Less than this, in milliseconds, is not told apart from nothing by clocks of hundredths of a second. */
const NOISE = 0.1;

/** Whether an operation costs as it should. */
export function holds(grows, small, large) {
  const bound = BOUND[grows];
  return bound === undefined || large.sum <= small.sum * bound || large.sum - small.sum < NOISE;
}

function table(kind, operations, sets) {
  const [first, ...others] = sets;
  const ratio = (name, set) => `${(set.results[name].sum / first.results[name].sum).toFixed(2)}`;
  const lines = [`## ${kind}`, "", row(["operation", ...sets.map(({ set }) => set), ...others.map(({ set }) => `${set} to ${first.set}`), "meant to be"]),
    row(["---", ...sets.map(() => "---:"), ...others.map(() => "---:"), "---"])];
  for (const [name, { grows }] of Object.entries(operations)) {
    const meant = { flat: "flat", log: "logarithmic", grows: "as many rows as there are" }[grows];
    const kept = others.every((set) => holds(grows, first.results[name], set.results[name]));
    lines.push(row([name, ...sets.map(({ results }) => number(results[name].sum)), ...others.map((set) => ratio(name, set)), kept ? meant : `**${meant}**`]));
  }
  return `${lines.join("\n")}\n`;
}

/** The whole page. */
export function report(kinds, sets, { note, rounds }) {
  const rows = sets.map(({ set, rows: counted, megabytes }) =>
    row([set, ...Object.values(counted).map((count) => count.toLocaleString("en")), `${megabytes.toLocaleString("en")} MB`]));
  const processor = `${cpus()[0].model.trim()}, ${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const names = Object.keys(sets[0].rows);
  return `# Flatness

Printed by \`benches/run-flat\`, which measures all of this again on your machine: what a request costs on data of several sizes, through
accounts, policy and validation, with nothing kept in memory. Here: ${processor}; PostgreSQL ${sets[0].postgres}.

Each number is milliseconds of processor time for one request, server and database together, the least of ${rounds} rounds; other work on the
machine only ever adds to it. Where a number is **bold** on the right, an operation costs more than it should: more than 1.2 times where it is
meant to be flat, more than twice where it may grow with the logarithm. Less than ${NOISE} ms counts as nothing.

${note ? `${note}\n\n` : ""}${row(["set", ...names, "size"])}
${row(["---", ...names.map(() => "---:"), "---:"])}
${rows.join("\n")}

${Object.entries(kinds).map(([kind, operations]) => table(kind, operations, sets)).join("\n")}`;
}
