// Asks more than can be answered, and looks at what becomes of it; see README.md. Started by ./run-overload, which builds what
// it needs.
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { OPERATIONS } from "./lib/operations.mjs";
import { memory, run, stop, wholly } from "./lib/processes.mjs";
import { PORTS, startLmi } from "./lib/servers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    set: { type: "string", default: "1" },
    seconds: { type: "string", default: "8" },
    rounds: { type: "string", default: "3" },
    operation: { type: "string", default: "Q3" },
    lmi: { type: "string", default: `${here}../target/release/lmi` },
    out: { type: "string", default: `${here}../docs/overload.md` },
  },
});
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
/** How many ask at once, each as soon as it is answered, until the peak is found. */
const AT_ONCE = [4, 8, 16, 32];
/** What is asked besides, as multiples of that peak, whether or not it is answered. */
const TIMES = [1, 1.5, 2, 3, 4];
const CONNECTIONS = 4000;
const OF_ONE_NETWORK = 10;
/** Connections that have nothing to ask for a while are left open: whether they are is not what is measured here. */
const PATIENT = "head-seconds=600";

/** One connection, from a network of its own with a few others: what it is answered is told, and how long that took. */
class Client {
  constructor(number, told) {
    const network = Math.floor(number / OF_ONE_NETWORK);
    const localAddress = `127.${1 + Math.floor(network / 200)}.${1 + (network % 200)}.${1 + (number % OF_ONE_NETWORK)}`;
    this.told = told;
    this.heard = "";
    this.sent = null;
    this.socket = connect({ host: "127.0.0.1", port: PORTS.lmi, localAddress, noDelay: true });
    this.socket.setEncoding("latin1").on("data", (part) => this.hear(part)).on("error", () => {}).on("close", () => this.lose());
  }
  opened() {
    return new Promise((resolve, reject) => this.socket.once("connect", resolve).once("error", reject));
  }
  send(request) {
    this.sent = performance.now();
    this.socket.write(request);
  }
  hear(part) {
    this.heard += part;
    const head = this.heard.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.heard.slice(0, head + 2))[1]);
    if (this.heard.length < head + 4 + length) return;
    const answer = { status: Number(this.heard.slice(9, 12)), again: /\r\nretry-after: \d/i.test(this.heard.slice(0, head)), body: this.heard.slice(head + 4), took: performance.now() - this.sent };
    this.heard = "";
    this.sent = null;
    this.told(this, answer);
  }
  lose() {
    if (this.sent !== null) this.told(this, { status: 0, took: performance.now() - this.sent });
    this.lost = true;
  }
}

/** What was answered within a measurement. */
class Count {
  well = [];
  refused = [];
  other = new Map();
  unsent = 0;
  add(answer, known) {
    const body = answer.status === 200 && Buffer.from(answer.body, "latin1").toString();
    if (body && known.has(body)) this.well.push(answer.took);
    else if (answer.status === 503 && answer.again) this.refused.push(answer.took);
    else this.other.set(answer.status, (this.other.get(answer.status) ?? 0) + 1);
  }
}
const at = (all, part) => (all.length ? all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))] : 0);

/** Some seconds of load, the first of which are not counted: as many as ask at once, or so many a second. */
async function load(clients, { requests, known }, { atOnce, rate }) {
  let [count, next, more] = [new Count(), 0, true];
  const request = () => requests[next++ % requests.length];
  const idle = clients.filter((client) => !client.lost && client.sent === null);
  for (const client of clients) {
    client.told = (client, answer) => {
      count.add(answer, known);
      if (client.lost || !more) return;
      if (atOnce) client.send(request());
      else idle.push(client);
    };
  }
  if (atOnce) for (const client of idle.slice(0, atOnce)) client.send(request());
  const begun = performance.now();
  let due = 0;
  const asking = rate && setInterval(() => {
    for (const until = ((performance.now() - begun) / 1000) * rate; due < until; due += 1) {
      // Whoever has waited longest asks next.
      const client = idle.shift();
      if (client && !client.lost) client.send(request());
      else count.unsent += 1;
    }
  }, 2);
  await sleep(2000);
  count = new Count();
  const from = performance.now();
  await sleep(seconds * 1000);
  const [took, counted] = [(performance.now() - from) / 1000, count];
  more = false;
  clearInterval(asking);
  // Until all are answered.
  for (let i = 0; i < 300 && clients.some((client) => client.sent !== null && !client.lost); i += 1) await sleep(100);
  const lost = clients.filter((client) => client.lost).length;
  if (lost) throw new Error(`${lost} connections were lost`);
  return { ...counted, rps: counted.well.length / took, away: counted.refused.length / took };
}

/** Asks now and then whether anybody is there, from elsewhere. How long the longest answer took. */
function watch(pid) {
  let [longest, most, more] = [0, 0, true];
  const ask = async (path, init) => {
    const begun = performance.now();
    const answer = await fetch(`http://127.0.0.1:${PORTS.lmi}${path}`, init);
    if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
    await answer.text();
    longest = Math.max(longest, performance.now() - begun);
  };
  const typename = { method: "POST", headers: { "content-type": "application/json" }, body: '{"query":"{ __typename }"}' };
  const watching = (async () => {
    while (more) {
      await ask("/health/ready");
      await ask("/graphql", typename);
      most = Math.max(most, memory(pid));
      await sleep(100);
    }
  })();
  return async () => {
    more = false;
    await watching;
    return { longest, most };
  };
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const whole = (number) => Math.round(number).toLocaleString("en");
const ms = (number) => (number < 10 ? number.toFixed(1) : whole(number));

await wholly(async () => {
  const [scale, skew] = options.set.split("-");
  const folder = `${here}target/data/${options.set}`;
  mkdirSync(folder, { recursive: true });
  mkdirSync(`${here}target/logs`, { recursive: true });
  // The load is made by a processor of its own, so that what is asked too much takes nothing from what answers.
  const last = availableParallelism() - 1;
  const pin = (pid, processors) => run("taskset", ["-a", "-c", "-p", processors, String(pid)]);
  const others = last > 1 ? `0-${last - 1}` : "0";
  const lmi = await startLmi({ binary: options.lmi, folder, scale, skew: skew === "skewed", kept: false, log: `${here}target/logs/overload.txt`, limits: PATIENT });
  const pids = run("ps", ["-o", "pid=", "--ppid", String(lmi.postmaster)]).trim().split(/\s+/);
  for (const pid of [lmi.child.pid, lmi.postmaster, ...pids]) pin(pid, others);
  pin(process.pid, String(last));
  const db = new pg.Client({ host: lmi.socket, user: "postgres", database: "lmi" });
  await db.connect();
  const ids = (await db.query({ text: "SELECT id FROM convening WHERE agenda_published ORDER BY starts_on, id LIMIT 64", rowMode: "array" })).rows.flat();
  await db.end();
  const operation = { name: options.operation, ...OPERATIONS[options.operation] };
  await lmi.renew();
  const asked = ids.map((id) => lmi.request(operation, id));
  const work = { requests: asked.map(String), known: new Set(await Promise.all(asked.map((request) => request.send()))) };

  const clients = Array.from({ length: CONNECTIONS }, (_, number) => new Client(number));
  await Promise.all(clients.map((client) => client.opened()));
  const few = [];
  const many = TIMES.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const atOnce of AT_ONCE) {
      const result = await load(clients, work, { atOnce });
      console.error(`${atOnce} at once: ${whole(result.rps)}/s`);
      few.push({ round, atOnce, ...result });
    }
    const peak = Math.max(...few.filter((result) => result.round === round).map((result) => result.rps));
    for (const [i, times] of TIMES.entries()) {
      const end = watch(lmi.child.pid);
      const result = await load(clients, work, { rate: peak * times });
      const seen = await end();
      console.error(`${times} times the peak: ${whole(result.rps)}/s (${(result.rps / peak).toFixed(2)}), ${whole(result.away)} sent away, ${JSON.stringify([...result.other])}, ${result.unsent} not sent`);
      if (result.other.size) throw new Error(`answered otherwise: ${JSON.stringify([...result.other])}`);
      many[i].push({ peak, ...result, ...seen });
    }
  }
  await stop(lmi.child);
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const lines = TIMES.map((times, i) => {
    const of = (what) => many[i].map(what);
    return row([
      times, whole(median(of(({ peak }) => peak * times))), whole(median(of(({ rps }) => rps))), `**${median(of(({ rps, peak }) => rps / peak)).toFixed(2)}**`,
      `${ms(median(of(({ well }) => at(well, 0.5))))}, ${ms(median(of(({ well }) => at(well, 0.99))))}`,
      whole(median(of(({ away }) => away))), `${ms(median(of(({ refused }) => at(refused, 0.5))))}, ${ms(median(of(({ refused }) => at(refused, 0.99))))}`,
      ms(Math.max(...of(({ longest }) => longest))), whole(Math.max(...of(({ most }) => most))),
    ]);
  });
  const peaks = AT_ONCE.map((atOnce) => row([atOnce, whole(median(few.filter((result) => result.atOnce === atOnce).map(({ rps }) => rps)))]));
  writeFileSync(options.out, `# Overload

Printed by \`benches/run-overload\`, which measures all of this again on your machine: ${operation.what} (${operation.name}), answered by the database each
time, by ${last > 1 ? `${last} processors` : "one processor"} that the service shares with PostgreSQL. One more makes the load, so that whatever is asked too much takes
nothing from what answers. Medians of ${rounds} rounds of ${seconds} seconds; every answer was held against the right one.

Asked by so many at once, each again as soon as it was answered:

| at once | answered a second |
| ---: | ---: |
${peaks.join("\n")}

Asked so much more often than the most of these, over ${whole(CONNECTIONS)} connections of ${whole(CONNECTIONS / OF_ONE_NETWORK)} networks, whether or not anybody answers. Whoever is sent away
is told so by 503 with \`Retry-After\`; one who comes again on the same connection at once waits for half a second. Nothing else was answered,
and no connection was lost. \`/health/ready\` and \`{ __typename }\` were asked meanwhile.

| times the peak | asked a second | answered a second | of the peak | ms, median and 99th | sent away a second | ms, median and 99th | longest that health took, ms | MB at most |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join("\n")}
`);
  console.error(`Written to ${options.out}.`);
  process.exit();
});
