// One measurement: wrk sends requests, every answer is held against the ones that were checked, and the processor time of
// the server and of PostgreSQL is read before and after.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { cpu, cpuOfFamily, memory } from "./processes.mjs";

const SCRIPT = fileURLToPath(new URL("../load.lua", import.meta.url));
const CONNECTIONS = 16;
const WARM_UP = 2;
/** A text in Lua, whatever is in it. */
const lua = (text) => `"${[...Buffer.from(text)].map((byte) => (byte > 31 && byte < 127 && byte !== 34 && byte !== 92 ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`)).join("")}"`;

/** Writes down for wrk what is sent, and what is answered. */
function plan(path, requests, { answers, part }) {
  const known = answers ? `answers = {${[...new Set(answers)].map((body) => `[${lua(body)}]=true`).join(",\n")}}` : `part = ${lua(part)}`;
  writeFileSync(path, `return { requests = {${requests.map((request) => lua(String(request))).join(",\n")}},\n${known} }\n`);
}

function wrk(port, seconds, file, from) {
  return new Promise((resolve, reject) => {
    const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "10s", "-s", SCRIPT, `http://127.0.0.1:${port}/`];
    const child = spawn("wrk", args, { env: { ...process.env, PLAN: file, FROM: String(from) } });
    let said = "";
    child.stdout.on("data", (text) => { said += text; });
    child.stderr.on("data", (text) => { said += text; });
    child.on("error", reject);
    child.on("exit", () => {
      const result = /RESULT\t(.*)/.exec(said);
      if (!result) return reject(new Error(`wrk: ${said}`));
      const [requests, micros, p50, p99, bad, errors, example] = result[1].split("\t");
      resolve({ requests: Number(requests), seconds: Number(micros) / 1e6, p50: p50 / 1000, p99: p99 / 1000, bad: Number(bad), errors: Number(errors), example });
    });
  });
}

/**
 * Measures a server for some seconds. `expected` is `answers`, whole bodies that were checked, or `part`, which each body has in it.
 * `statements`, where it is given, counts what the database was asked; `asksDatabase` says whether it must be, or must not.
 */
export async function measure({ server, postmaster, requests, expected, seconds, file, statements, asksDatabase }) {
  plan(file, requests, expected);
  const { port } = requests[0];
  // Compilers within the servers have had their time by then. What is written is counted up from elsewhere.
  await wrk(port, WARM_UP, file, 50_000_000);
  const asked = await statements();
  const before = { server: cpu(server.child.pid), database: cpuOfFamily(postmaster) };
  const result = await wrk(port, seconds, file, 0);
  const after = { server: cpu(server.child.pid), database: cpuOfFamily(postmaster) };
  // Backends report what they did within a second of doing it.
  await sleep(1200);
  const asks = (await statements()) - asked;
  if (result.bad || result.errors) {
    throw new Error(`${result.bad} of ${result.requests} answers are wrong and ${result.errors} missing: ${result.example}`);
  }
  if (asksDatabase && asks < result.requests * 0.5) throw new Error(`only ${asks} transactions for ${result.requests} requests: answers were kept`);
  if (!asksDatabase && asks > result.requests * 0.1) throw new Error(`${asks} transactions for ${result.requests} requests: answers were not kept`);
  const each = (what) => (after[what] - before[what]) / result.requests;
  return {
    requests: result.requests, rps: result.requests / result.seconds, p50: result.p50, p99: result.p99,
    server: each("server"), database: each("database"), sum: each("server") + each("database"), memory: memory(server.child.pid),
  };
}
