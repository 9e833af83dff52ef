// Tries agendas as partners use them, on pages of another origin, in Chromium; and the calendar with the parser of a
// calendar program: node check.mjs http://127.0.0.1:8080 [--screenshots FOLDER]
// Chromium is the one that CHROMIUM names, else the first on PATH.

import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import ICAL from "ical.js";
import { chromium } from "playwright-core";
import { partner } from "./partner.mjs";

const WAIT = 15_000;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WAYS = ["light", "dark"].flatMap((scheme) => [320, 1280].map((width) => ({ scheme, width })));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screenshots: { type: "string" } },
});
if (positionals.length !== 1) {
  console.error("usage: node check.mjs URL [--screenshots FOLDER]");
  process.exit(2);
}
const server = new URL("/", positionals[0]).href;
const AGENDA = `${server}convenings/2015-symposium/agenda`;
const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

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

let passed = 0;
let failed = 0;

async function check(what, act) {
  try {
    await act();
    passed += 1;
    console.log(`ok      ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${what}: ${String(error?.message ?? error).split("\n").slice(0, 3).join(" ")}`);
  }
}

function equal(found, expected, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

/** What axe finds wrong with a page, as one line for each rule that is broken. */
async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
  return violations.map((each) => `${each.id} at ${each.nodes.map((node) => node.target.flat().join(" ")).join(", ")}`);
}

const site = await partner(server);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || onPath("chromium", "chromium-browser", "google-chrome"),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

/** A page of the partner's; `answer` stands for what the service says, and `complaints` is what the browser says. */
async function open(path, { scheme = "light", width = 1280, answer, javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({
    colorScheme: scheme, viewport: { width, height: 900 }, javaScriptEnabled, bypassCSP: false,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  page.complaints = [];
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(error.message));
  if (answer) await page.route("**/agenda.jsonld", answer);
  await page.goto(path.startsWith("http") ? path : site.url + path);
  return page;
}

const given = (agenda) => (route) =>
  route.fulfill({
    contentType: "application/ld+json", headers: { "access-control-allow-origin": "*" }, body: JSON.stringify(agenda),
  });

const term = (inDefinedTermSet, name) => ({ "@type": "DefinedTerm", inDefinedTermSet, name });
const HARM = "<img src=x onerror=\"window.harmed=true\"></script><script>window.harmed=true</script>";
/** An agenda with all that an agenda can have, and with texts that mean harm. */
const FAIR = {
  name: `Fair ${HARM}`, startDate: "2027-03-13", endDate: "2027-03-14",
  eventStatus: "https://schema.org/EventCancelled",
  eventSchedule: { scheduleTimezone: "America/Los_Angeles" },
  location: { name: "Alder Hall", address: { addressLocality: "Alder" } },
  subEvent: [
    {
      name: `Opening ${HARM}`, description: HARM, startDate: "2027-03-13T09:00:00-08:00",
      endDate: "2027-03-13T12:30:00-08:00", keywords: [term("format", "Plenary")],
      location: { name: "Hall A" },
      performer: [{ name: `Ada Example ${HARM}`, jobTitle: "President", affiliation: { name: "Alder Teachers" }, description: "Moderator" }],
    },
    {
      name: "Workshop", startDate: "2027-03-14T13:00:00-07:00", endDate: "2027-03-14T14:00:00-07:00",
      keywords: [term("format", "Breakout"), term("strand", "Beginning"), term("round", "Round 1")],
      location: { name: "Alder Hall" },
    },
    { name: "Farewell", keywords: [term("format", "Closing")], duration: "PT45M" },
  ],
};

try {
  const agenda = await (await fetch(`${AGENDA}.jsonld`)).json();

  await check("an agenda is shown on a page of another origin", async () => {
    const page = await open("/");
    await page.locator("lmi-agenda .name").first().waitFor();
    equal(await page.locator("lmi-agenda .name").allTextContents(), agenda.subEvent.map((each) => each.name), "sessions");
    equal(await page.locator("lmi-agenda .title").textContent(), agenda.name, "title");
    const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.map((each) => Number(each.tagName[1])));
    equal(levels.slice(0, 4), [1, 2, 3, 4], "headings");
    equal(levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1), false, "a level is left out");
    equal(await page.getByText("as a page", { exact: true }).isVisible(), false, "the fallback is still there");
    equal(page.complaints, [], "complaints");
    await page.context().close();
  });

  for (const { scheme, width } of WAYS) {
    await check(`everybody can use it, ${scheme} and ${width} pixels wide`, async () => {
      for (const [name, answer] of [["record", undefined], ["fair", given(FAIR)]]) {
        const page = await open("/", { scheme, width, answer });
        await page.locator("lmi-agenda .name").first().waitFor();
        equal(await faults(page), [], name);
        equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "it fits");
        if (values.screenshots) {
          await page.screenshot({ path: join(values.screenshots, `${name}-${scheme}-${width}.png`), fullPage: true });
        }
        await page.context().close();
      }
    });
    await check(`everybody can use the page without a script, ${scheme} and ${width} pixels wide`, async () => {
      const page = await open(AGENDA, { scheme, width });
      equal(await page.locator("h3").allTextContents(), agenda.subEvent.map((each) => each.name), "sessions");
      equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "it fits");
      if (values.screenshots) {
        await page.screenshot({ path: join(values.screenshots, `page-${scheme}-${width}.png`), fullPage: true });
      }
      equal(page.complaints, [], "complaints");
      equal(await faults(page), [], "faults");
      await page.context().close();
    });
  }

  await check("no text becomes markup", async () => {
    const page = await open("/", { answer: given(FAIR) });
    await page.locator("lmi-agenda .name").first().waitFor();
    equal(await page.locator("lmi-agenda .name").first().textContent(), FAIR.subEvent[0].name, "the title");
    equal(await page.locator("lmi-agenda img, lmi-agenda script").count(), 0, "elements");
    equal(await page.evaluate(() => window.harmed ?? null), null, "a script ran");
    await page.context().close();
  });

  await check("times, places and a cancellation are told", async () => {
    const page = await open("/", { answer: given(FAIR) });
    await page.locator("lmi-agenda .name").first().waitFor();
    const told = await page.locator("lmi-agenda .time").allTextContents();
    equal(told, ["9:00 AM – 12:30 PM", "1:00 PM – 2:00 PM"], "times");
    const facts = await page.locator("lmi-agenda .facts").allTextContents();
    equal(facts, ["Plenary · Hall A", "Breakout · Beginning · Round 1", "Closing · 45 minutes"], "facts");
    const days = await page.locator("lmi-agenda .day").allTextContents();
    equal(days, ["Saturday, March 13, 2027", "Sunday, March 14, 2027", "Day not given"], "days");
    equal(await page.locator("lmi-agenda time").first().getAttribute("datetime"), "2027-03-13", "a time for programs");
    equal(await page.locator("lmi-agenda .banner").isVisible(), true, "the cancellation");
    equal(await page.locator("lmi-agenda .zone").textContent(), "Days and times are those of the place: America/Los Angeles.", "the zone");
    await page.context().close();
  });

  await check("it is filtered with the keyboard, and that is announced", async () => {
    const page = await open("/", { answer: given(FAIR) });
    const format = page.getByLabel("Format");
    await format.focus();
    await page.keyboard.type("Break");
    equal(await page.locator("lmi-agenda .name").allTextContents(), ["Workshop"], "sessions");
    equal(await page.getByRole("status").textContent(), "1 of 3 shown", "what is announced");
    await format.selectOption("");
    equal(await page.locator("lmi-agenda .name").count(), 3, "sessions");
    await page.context().close();
  });

  await check("what fails is said, and tried again with the keyboard", async () => {
    let down = true;
    const page = await open("/", { scheme: "dark", answer: (route) => (down ? route.abort() : given(FAIR)(route)) });
    await page.getByRole("alert").waitFor();
    equal(await page.getByText("as a page", { exact: true }).isVisible(), true, "the fallback");
    equal(await faults(page), [], "faults");
    if (values.screenshots) await page.screenshot({ path: join(values.screenshots, "error.png") });
    down = false;
    await page.getByRole("button", { name: "Try again" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("lmi-agenda .name").first().waitFor();
    equal(await page.evaluate(() => document.activeElement?.localName), "lmi-agenda", "the focus");
    await page.context().close();
  });

  await check("an agenda that is not published, or empty, is said to be so", async () => {
    let page = await open("/", { answer: (route) => route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" } }) });
    equal(await page.getByRole("alert").textContent(), "This agenda is not published.", "what is said");
    await page.context().close();
    page = await open("/", { answer: given({ ...FAIR, subEvent: [] }) });
    await page.getByText("Nothing is on this agenda yet.").waitFor();
    equal(await faults(page), [], "faults");
    await page.context().close();
  });

  await check("another convening is shown when the page asks for it", async () => {
    const page = await open("/");
    await page.locator("lmi-agenda .name").first().waitFor();
    await page.evaluate(() => document.querySelector("lmi-agenda").setAttribute("convening", "nowhere"));
    await page.getByRole("alert").waitFor();
    await page.context().close();
  });

  await check("a strict security policy has nothing against it", async () => {
    const page = await open("/strict");
    await page.locator("lmi-agenda .name").first().waitFor();
    equal(page.complaints, [], "complaints");
    equal(await page.locator("lmi-agenda .name").first().evaluate((each) => getComputedStyle(each).marginTop), "0px", "its style");
    await page.context().close();
  });

  await check("a partner's colors and headings are taken", async () => {
    const page = await open("/themed", { scheme: "dark" });
    const title = page.locator("lmi-agenda .title");
    await title.waitFor();
    equal(await title.evaluate((each) => [each.tagName, getComputedStyle(each).fontStyle]), ["H3", "italic"], "the title");
    const ground = await page.locator("lmi-agenda .agenda").evaluate((each) => getComputedStyle(each).backgroundColor);
    equal(ground, "rgb(255, 248, 239)", "the ground");
    if (values.screenshots) await page.screenshot({ path: join(values.screenshots, "themed.png") });
    await page.context().close();
  });

  await check("without a script, there is what the page put there", async () => {
    const page = await open("/", { javaScriptEnabled: false });
    await page.getByText("as a page", { exact: true }).click();
    equal(await page.locator("h3").allTextContents(), agenda.subEvent.map((each) => each.name), "sessions");
    await page.context().close();
  });

  await check("the page can be framed", async () => {
    const page = await open("/frame");
    await page.frameLocator("iframe").locator("h3").first().waitFor();
    equal(page.complaints, [], "complaints");
    await page.context().close();
  });

  await check("a calendar program reads the calendar", async () => {
    const calendar = new ICAL.Component(ICAL.parse(await (await fetch(`${AGENDA}.ics`)).text()));
    equal(calendar.getFirstPropertyValue("method"), "PUBLISH", "the method");
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
    equal(zone.tzid, "America/Los_Angeles", "the zone");
    const summer = ICAL.Time.fromData({ year: 2015, month: 5, day: 8, hour: 9 }, zone);
    equal(zone.utcOffset(summer), -7 * 3600, "the clocks in May");
    const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
    // Meetings at the same time, of which no time is known, are one event.
    const names = (all) => [...new Set(all)].sort();
    const title = (event) => event.summary.split(": ")[0];
    const dated = agenda.subEvent.filter((each) => each.startDate);
    equal(names(events.map((each) => title(each))), names(dated.map((each) => each.name.split(": ")[0])), "events");
    equal(new Set(events.map((each) => each.uid)).size, events.length, "names of events");
  });
} finally {
  await browser.close();
  site.stop();
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
