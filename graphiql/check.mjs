// Opens the GraphiQL page of a running server in Chromium, as a person would, with every other
// host out of reach: node check.mjs http://127.0.0.1:8080 [--embedded] [--screenshot FILE]
// Chromium is the one that CHROMIUM names, else the first on PATH. A page whose files are not
// embedded gets them at their public addresses from the installed packages, hashes and all; with
// --embedded such a page has failed.

import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const WAIT = 20_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { embedded: { type: "boolean" }, screenshot: { type: "string" } },
});
if (positionals.length !== 1) {
  console.error("usage: node check.mjs URL [--embedded] [--screenshot FILE]");
  process.exit(2);
}
const server = new URL(positionals[0]);

function onPath(...names) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error("no Chromium: set CHROMIUM, or put chromium on PATH");
}

/** The bytes of the pinned file with this public address, if it is one. */
async function pinnedFile(url) {
  const { base, files } = JSON.parse(
    await readFile(new URL("../api/assets/graphiql/pinned.json", import.meta.url), "utf8"),
  );
  const file = files.find((one) => `${base}${one.package}@${one.version}/${one.path}` === url);
  return file && readFile(new URL(`node_modules/${file.package}/${file.path}`, import.meta.url));
}

let passed = 0;
let failed = 0;

async function check(what, act) {
  try {
    await act();
    passed += 1;
    console.log(`ok      ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${what}: ${String(error?.message ?? error).split("\n")[0]}`);
  }
}

function assert(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || onPath("chromium", "chromium-browser", "google-chrome"),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(WAIT);

  const elsewhere = [];
  const complaints = [];
  let embedded = true;
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (new URL(url).host === server.host) return route.continue();
    const file = embedded ? undefined : await pinnedFile(url);
    if (!file) {
      elsewhere.push(url);
      return route.abort();
    }
    return route.fulfill({
      body: file,
      contentType: url.endsWith(".css") ? "text/css" : "text/javascript",
      headers: { "access-control-allow-origin": "*" },
    });
  });

  const text = (selector) =>
    page.evaluate((where) => document.querySelector(`${where} .CodeMirror`)?.CodeMirror.getValue() ?? "", selector);
  const query = () => text(".graphiql-query-editor");
  const tabs = page.locator(".graphiql-tab");

  await check("the page opens", async () => {
    const address = new URL("graphql", server).href;
    const html = await (await fetch(address, { headers: { accept: "text/html" } })).text();
    embedded = html.includes('src="graphql/assets/graphiql-');
    console.log(`        its files are ${embedded ? "embedded" : "loaded from their public addresses"}`);
    const response = await page.goto(address);
    assert(response.status() === 200, `status ${response.status()}`);
    assert(embedded || !values.embedded, "its files are not embedded");
  });

  await check("the editor shows an opening query", async () => {
    await page.locator(".graphiql-query-editor .CodeMirror").waitFor();
    assert((await query()).startsWith("# "), "the first tab holds no opening query");
    assert((await tabs.count()) > 1, "there is one tab only");
  });

  await check("Execute brings data without errors", async () => {
    await page.locator("button.graphiql-execute-button").click();
    await page.waitForFunction(() =>
      document.querySelector(".graphiql-response .CodeMirror")?.CodeMirror.getValue().includes("}"),
    );
    const answer = JSON.parse(await text(".graphiql-response"));
    assert(answer.errors === undefined, JSON.stringify(answer.errors));
    assert(Object.values(answer.data ?? {}).some((value) => value !== null), "no data");
  });

  await check("the documentation lists the type Query", async () => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const root = page.locator(".graphiql-doc-explorer").getByText("Query", { exact: true });
    await root.waitFor();
    if (values.screenshot) await page.screenshot({ path: values.screenshot });
    await root.click();
    await page.locator(".graphiql-doc-explorer").getByText("convening", { exact: true }).first().waitFor();
  });

  await check("a reload keeps the tabs as they were", async () => {
    const before = await tabs.count();
    // What was changed is stored half a second later.
    await page.waitForTimeout(1_000);
    await page.reload();
    await page.locator(".graphiql-query-editor .CodeMirror").waitFor();
    const after = await tabs.count();
    assert(after === before, `${before} tabs became ${after}`);
  });

  await check("no other host was asked for anything", () => {
    assert(elsewhere.length === 0, elsewhere.join(" "));
  });

  await check("the browser had nothing to complain of", () => {
    assert(complaints.length === 0, complaints.join(" | "));
  });
} finally {
  await browser.close();
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
