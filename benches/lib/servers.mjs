// The servers that are measured: how each is started and asked.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { run, start, until } from "./processes.mjs";

const PASSWORD = "correct horse battery staple";
const JSON_TYPE = { "content-type": "application/json" };
export const PORTS = { lmi: 8131, kept: 8132, floor: 8133, yoga: 8134, postgraphile: 8135 };

/** One request over HTTP/1.1; as text, it is what goes over the wire. */
class Request {
  constructor(port, method, path, headers, body = "") {
    Object.assign(this, { port, method, path, headers, body });
  }
  toString() {
    const { port, method, path, headers, body } = this;
    const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    if (method === "POST") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    return `${lines.join("\r\n")}\r\n\r\n${body}`;
  }
  /** The body of the answer. */
  async send() {
    const { port, method, path, headers, body } = this;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(method === "POST" ? { body } : {}) });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${method} ${path} is answered with ${answer.status}: ${text.slice(0, 300)}`);
    return text;
  }
}

const graphql = (port, document, variables, headers = {}) =>
  new Request(port, "POST", "/graphql", { ...JSON_TYPE, ...headers }, JSON.stringify({ query: document, variables }));

/** The product's answer to a document. */
async function ask(port, query, variables) {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Generates a data set, once, and starts the product on it, with or without kept answers; `limits` are other than the defaults. */
export async function startLmi({ binary, folder, scale, skew, kept, log, limits = "" }) {
  const port = kept ? PORTS.kept : PORTS.lmi;
  const env = { LMI_DATA_DIR: folder, LMI_LISTEN: `127.0.0.1:${port}`, LMI_CACHE_MB: kept ? "64" : "0", LMI_RATE_LIMIT: "0", LMI_LOG: "warn", ...(limits ? { LMI_LIMITS: limits } : {}) };
  if (!existsSync(`${folder}/generated`)) {
    console.error(run(binary, ["generate", "--scale", String(scale), ...(skew ? ["--skew"] : [])], { env }).trim());
    const staff = ["account", "create", "--email", "staff@example.org", "--name", "Bench Staff", "--role", "STAFF"];
    run(binary, staff, { env, input: `${PASSWORD}\n` });
    writeFileSync(`${folder}/generated`, "");
  }
  const child = start(binary, ["serve"], { env, log });
  await until(() => ask(port, "{ __typename }"), "lmi");
  const database = /private PostgreSQL in (\S+)/.exec(readFileSync(log, "utf8"))[1];
  const [postmaster, , , , socket] = readFileSync(`${database}/postmaster.pid`, "utf8").split("\n");
  const signIn = "mutation ($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { accessToken } }";
  let token;
  return {
    child, postmaster: Number(postmaster), socket,
    /** A token is good for a quarter of an hour. */
    renew: async () => { token = (await ask(port, signIn, { e: "staff@example.org", p: PASSWORD })).signIn.accessToken; },
    request: (operation, vary) => {
      const headers = { accept: "application/graphql-response+json", ...(operation.asStaff ? { authorization: `Bearer ${token}` } : {}) };
      return graphql(port, operation.document, operation.variables.lmi(vary), headers);
    },
  };
}

/** The floor: a statement and a bare handler. */
export async function startFloor({ binary, socket, database, log }) {
  const child = start(binary, [socket, database, String(PORTS.floor)], { log });
  await until(() => fetch(`http://127.0.0.1:${PORTS.floor}/q2`).then((answer) => answer.json()), "the floor");
  const path = (operation, vary) => `/${operation.name.toLowerCase()}?${new URLSearchParams(operation.variables.floor(vary))}`.replaceAll("%40", "@");
  return {
    child,
    renew: async () => {},
    request: (operation, vary) => new Request(PORTS.floor, operation.writes ? "POST" : "GET", path(operation, vary), {}),
    /** So many bytes from memory, for the request that another server was sent. */
    letters: (length, body) => new Request(PORTS.floor, "POST", `/static/${length}`, JSON_TYPE, body),
  };
}

/** A peer, which is a program for Node. */
export async function startPeer({ name, folder, socket, database, log }) {
  const port = PORTS[name];
  const child = start(process.execPath, [`${folder}/${name}.mjs`, socket, database, String(port)], { env: { NODE_ENV: "production", GRAPHILE_ENV: "production" }, log });
  await until(() => ask(port, "{ __typename }"), name);
  return {
    child,
    renew: async () => {},
    request: (operation, vary) =>
      graphql(port, operation[name] ?? operation.document, (operation.variables[name] ?? operation.variables.peer)(vary)),
  };
}
