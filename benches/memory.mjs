// Measures the memory that `lmi` takes: when it has started, with subscriptions that wait, and while it sends spreadsheets, maps
// and feeds; see README.md. Started by ./run-memory, which builds what it needs.
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { makeAccounts, signIn } from "./lib/flat/viewers.mjs";
import { memory, stop, wholly } from "./lib/processes.mjs";
import { PORTS, startLmi } from "./lib/servers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    set: { type: "string", default: "10" },
    sockets: { type: "string", default: "10000" },
    port: { type: "string", default: String(PORTS.lmi) },
    lmi: { type: "string", default: `${here}../target/release/lmi` },
    data: { type: "string", default: `${here}target/data` },
    out: { type: "string", default: `${here}../docs/memory.md` },
  },
});
PORTS.lmi = Number(options.port);
const base = `http://127.0.0.1:${PORTS.lmi}`;
const JSON_TYPE = { "content-type": "application/json" };

/** A message of the protocol as a frame of a client: masked, as the standard has it. */
function frame(message) {
  const text = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  const head = text.length < 126 ? Buffer.from([0x81, 0x80 | text.length]) : Buffer.from([0x81, 0xfe, text.length >> 8, text.length & 255]);
  return Buffer.concat([head, mask, text.map((byte, i) => byte ^ mask[i % 4])]);
}

/** Opens a socket from an address of its own network, and subscribes to what is changed. It is there when the introduction was answered. */
function subscribe(number) {
  // A network may have so many and no more: these are as many networks as it takes.
  const localAddress = `127.${1 + Math.floor(number / 100 / 200)}.${1 + (Math.floor(number / 100) % 200)}.1`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: PORTS.lmi, localAddress });
    let heard = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`socket ${number} was closed: ${heard.subarray(-200)}`)));
    socket.on("connect", () => {
      const key = randomBytes(16).toString("base64");
      socket.write(`GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${PORTS.lmi}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n`
        + `Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
      socket.write(frame({ type: "connection_init" }));
    });
    socket.on("data", (part) => {
      if (heard === null) return;
      heard = Buffer.concat([heard, part]);
      if (!heard.includes("connection_ack")) return;
      heard = null;
      socket.write(frame({ id: "1", type: "subscribe", payload: { query: "subscription { changes { action nodeId } }" } }));
      resolve(socket);
    });
  });
}

/** Memory with so many subscriptions that wait, once it has settled. */
async function subscriptions(pid, count) {
  const sockets = [];
  for (let at = 0; at < count; at += 50) {
    const more = Array.from({ length: Math.min(50, count - at) }, (_, i) => subscribe(at + i));
    sockets.push(...(await Promise.all(more)));
  }
  await sleep(5000);
  const open = sockets.filter((socket) => !socket.destroyed).length;
  if (open !== count) throw new Error(`${open} of ${count} sockets are open`);
  const megabytes = memory(pid);
  for (const socket of sockets) socket.removeAllListeners("close").destroy();
  return megabytes;
}

/** What something took at most while it was read, and how much of it there was. */
async function peak(pid, read) {
  const before = memory(pid);
  let [most, bytes, done] = [before, 0, false];
  const watch = (async () => {
    while (!done) {
      most = Math.max(most, memory(pid));
      await sleep(20);
    }
  })();
  const begun = performance.now();
  try {
    bytes = await read();
  } finally {
    done = true;
    await watch;
  }
  return { before, most, bytes, seconds: (performance.now() - begun) / 1000 };
}

/** Reads a file to its end, as it comes. */
async function file(path, headers) {
  const answer = await fetch(base + path, { headers });
  if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}: ${await answer.text()}`);
  let bytes = 0;
  for await (const part of answer.body) bytes += part.length;
  return bytes;
}

/** Reads the feed from its beginning, so many changes of it. */
async function feed(headers, count) {
  const query = "query ($after: String) { changes(from: BEGINNING, first: 100, after: $after) { nodes { action nodeId } pageInfo { hasNextPage endCursor } } }";
  let [after, bytes] = [null, 0];
  for (let read = 0; read < count; read += 100) {
    const answer = await fetch(`${base}/graphql`, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ query, variables: { after } }) });
    const text = await answer.text();
    const { data, errors } = JSON.parse(text);
    // It is made when it is asked for first.
    if (errors?.[0].extensions.code === "UNAVAILABLE") {
      await sleep(1000);
      read -= 100;
      continue;
    }
    if (errors) throw new Error(text);
    bytes += text.length;
    if (!data.changes.pageInfo.hasNextPage) break;
    after = data.changes.pageInfo.endCursor;
  }
  return bytes;
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const whole = (number) => Math.round(number).toLocaleString("en");

await wholly(async () => {
  const [scale, skew] = options.set.split("-");
  const folder = `${options.data}/${options.set}`;
  mkdirSync(folder, { recursive: true });
  mkdirSync(`${here}target/logs`, { recursive: true });
  // An instance lets in 5,000 by default; a network's own share stays as it is.
  const sockets = Number(options.sockets);
  const limits = `sockets=${sockets},subscriptions=${sockets},connections=${sockets + 1000}`;
  const begin = (name) => startLmi({ binary: options.lmi, folder, scale, skew: skew === "skewed", kept: true, log: `${here}target/logs/memory-${name}.txt`, limits });
  PORTS.kept = PORTS.lmi;
  let lmi = await begin("idle");
  const db = new pg.Client({ host: lmi.socket, user: "postgres", database: "lmi" });
  db.on("error", () => {});
  await db.connect();
  await makeAccounts(db, options.lmi, folder);
  const slug = (await db.query("SELECT slug FROM convening WHERE agenda_published ORDER BY id LIMIT 1")).rows[0].slug;
  const counts = (await db.query("SELECT (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM team_member) AS members, (SELECT count(*) FROM district) AS districts")).rows[0];
  await db.end();
  await sleep(2000);
  const idle = memory(lmi.child.pid);
  console.error(`idle: ${idle.toFixed(1)} MB`);
  const waiting = await subscriptions(lmi.child.pid, sockets);
  console.error(`${options.sockets} subscriptions: ${waiting.toFixed(1)} MB`);
  await stop(lmi.child);

  lmi = await begin("files");
  const staff = (await signIn(PORTS.lmi)).staff;
  const reads = {
    [`the spreadsheet of ${whole(counts.people)} people`]: () => file("/export/people.csv", staff),
    [`the spreadsheet of ${whole(counts.members)} members of teams`]: () => file("/export/team-members.csv", staff),
    [`the map of ${whole(counts.districts)} districts`]: () => file("/participation.geojson", {}),
    "the calendar of a convening": () => file(`/convenings/${slug}/agenda.ics`, {}),
    "100,000 changes of the feed, 100 at a time": () => feed(staff, 100_000),
  };
  const lines = [];
  for (const [name, read] of Object.entries(reads)) {
    try {
      const { before, most, bytes, seconds } = await peak(lmi.child.pid, read);
      console.error(`${name}: ${before.toFixed(1)} → ${most.toFixed(1)} MB, ${whole(bytes)} bytes in ${seconds.toFixed(1)} s`);
      lines.push(row([name, before.toFixed(0), most.toFixed(0), `${(bytes / 2 ** 20).toFixed(1)} MB`, seconds.toFixed(1)]));
    } catch (error) {
      console.error(`${name}: ${error.message}`);
      lines.push(row([name, "", "", error.message.slice(0, 80), ""]));
    }
  }
  writeFileSync(options.out, `# Memory

Printed by \`benches/run-memory\`, which measures all of this again on your machine: megabytes of memory that the process \`lmi\` holds, with
64 MB allowed for answers that are kept, and with room for as many sockets (\`LMI_LIMITS\`; 5,000 by default). PostgreSQL's are its own.

| | MB |
| --- | ---: |
${row(["started, one answer given", idle.toFixed(0)])}
${row([`${whole(sockets)} sockets, each with a subscription that waits`, waiting.toFixed(0)])}

| what is sent | MB before | MB at most | size | seconds |
| --- | ---: | ---: | ---: | ---: |
${lines.join("\n")}
`);
  console.error(`Written to ${options.out}.`);
});
