/*! <lmi-agenda>: the agenda of a convening of the California Labor-Management Initiative. Apache-2.0. docs/embedding.md */
(() => {
  "use strict";
  if (customElements.get("lmi-agenda")) return;

  // The service that this script comes from, unless the element names another.
  const home = document.currentScript?.src ? new URL("../", document.currentScript.src).href : "";
  const PATIENCE = 15_000;

  const light = "--t:#22262b;--q:#5a626b;--l:#dcd9d1;--a:#14568c;--g:#fff;--w:#8f1d14;--wg:#fbeae7";
  const dark = "--t:#e6e4df;--q:#a3a9b0;--l:#3f454d;--a:#8dc2f0;--g:#16191d;--w:#ffb4a8;--wg:#3a1d1a";
  const css = `
:host{display:block;container-type:inline-size;color-scheme:light;${light}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){color-scheme:dark;${dark}}}
:host([theme=dark]){color-scheme:dark;${dark}}
:host([hidden]){display:none}
*{box-sizing:border-box}
.agenda{padding:var(--lmi-padding,1.25rem);background:var(--lmi-ground,var(--g));color:var(--lmi-text,var(--t));
font:var(--lmi-font,1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif);overflow-wrap:anywhere}
.agenda:focus{outline:none}
.title,.day,.name{margin:0;line-height:1.25;text-wrap:balance}
.title{font-size:1.6em;letter-spacing:-.01em}
.day{margin-top:1.6em;padding-bottom:.35em;border-bottom:2px solid;font-size:1.2em}
.name{font-size:1.05em}
p,ol,ul{margin:0;padding:0;list-style:none}
.quiet,.time{color:var(--lmi-quiet,var(--q))}
.facts{font-size:.9375em}
.time{font-variant-numeric:tabular-nums}
time{white-space:nowrap}
.session{display:grid;gap:.1em 1.25em;padding:1em 0;border-bottom:1px solid var(--lmi-line,var(--l))}
.timed{grid-template-columns:7em 1fr}
.abstract{margin-top:.5em;white-space:pre-line}
.speakers{display:grid;gap:.25em;margin-top:.5em}
.banner{margin:.9em 0 0;padding:.6em .9em;border-left:4px solid;background:var(--wg);color:var(--w);font-weight:600}
.filters{display:flex;flex-wrap:wrap;gap:.6em 1.25em;align-items:end;margin-top:1.1em}
.filters label{display:grid;grid-template-columns:minmax(0,max-content);gap:.2em;min-width:0;font-size:.9375em;color:var(--lmi-quiet,var(--q))}
select,button{min-height:2.75em;max-width:100%;padding:.4em .8em;border:1px solid var(--lmi-quiet,var(--q));border-radius:.35em;
background:var(--lmi-ground,var(--g));color:var(--lmi-text,var(--t));font:inherit}
button{margin-top:.6em;cursor:pointer}
a{display:inline-block;padding:.25em 0;color:var(--lmi-accent,var(--a));text-underline-offset:.15em}
a:focus-visible,select:focus-visible,button:focus-visible{outline:3px solid var(--lmi-accent,var(--a));outline-offset:2px}
.foot{margin-top:1.25em;font-size:.9375em}
.foot a{margin-right:1.25em}
@container(max-width:34rem){.timed{grid-template-columns:1fr}}
@media print{.filters,.foot a{display:none}.session{break-inside:avoid}}`;

  /** An element with a class (which is also its part) and what stands in it; text is never anything but text. */
  const el = (tag, name, ...content) => {
    const made = document.createElement(tag);
    if (name) {
      made.className = name;
      made.setAttribute("part", name);
    }
    made.append(...content.filter(Boolean));
    return made;
  };
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);
  const joined = (parts, between) => parts.filter(Boolean).join(between);

  const dayOf = (text) => (text ?? "").slice(0, 10);
  /** A day in words: read as it stands, whatever the reader's own time zone is. */
  const inWords = (day) =>
    new Date(`${day}T00:00:00Z`).toLocaleDateString("en-US", {
      timeZone: "UTC", weekday: "long", year: "numeric", month: "long", day: "numeric",
    });
  const date = (day) => set(el("time", "", inWords(day)), { datetime: day });
  /** The time that clocks show at the place; nothing for a day alone. */
  const clock = (text) => {
    const [, hour, minute] = /T(\d\d):(\d\d)/.exec(text ?? "") ?? [];
    if (!hour) return undefined;
    const shown = `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
    return set(el("time", "", shown), { datetime: text });
  };
  const term = (session, kind) => list(session.keywords).find((each) => each?.inDefinedTermSet === kind)?.name;
  const placeOf = (place) => {
    const { streetAddress, addressLocality } = place?.address ?? {};
    return joined([...new Set([place?.name, streetAddress, addressLocality])], ", ");
  };

  /** From when until when; nothing where that is not known. */
  const time = (session) => {
    const [start, end] = [clock(session.startDate), clock(session.endDate)];
    return start && end && [start, " – ", end];
  };

  const speaker = (performer) => {
    const body = joined([performer.jobTitle, performer.affiliation?.name], ", ");
    const quiet = joined([body, performer.description], " · ");
    return el("li", "speaker", el("strong", "", performer.name ?? ""), " ", el("span", "quiet", quiet));
  };

  class LmiAgenda extends HTMLElement {
    static observedAttributes = ["convening", "src", "heading-level"];
    #root = this.attachShadow({ mode: "open" });
    #view = set(el("div", "agenda"), { lang: "en", tabindex: "-1" });
    #asking;
    #venue;
    #chosen = {};

    constructor() {
      super();
      // A sheet of its own needs no leave for inline styles from the page's security policy.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.#root.adoptedStyleSheets = [sheet];
      // What the page put into the element stays until there is something to show instead.
      this.#root.append(this.#view);
      this.#view.append(el("slot"));
    }

    connectedCallback() {
      this.load();
    }

    disconnectedCallback() {
      this.#asking?.abort();
    }

    attributeChangedCallback(name, before, after) {
      if (this.isConnected && before !== after) this.load();
    }

    /** Reads the agenda again and shows it. */
    async load() {
      this.#asking?.abort();
      const asking = (this.#asking = new AbortController());
      const late = setTimeout(() => asking.abort("late"), PATIENCE);
      this.#say("status", "Loading the agenda …");
      try {
        const answer = await fetch(`${this.#path}agenda.jsonld`, { credentials: "omit", signal: asking.signal });
        if (answer.status === 404) return this.#fail("This agenda is not published.");
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const agenda = await answer.json();
        this.#venue = agenda.location?.name;
        this.#show(agenda);
        this.dispatchEvent(new Event("load"));
      } catch {
        // Another attempt has taken its place, or the element is gone.
        if (asking.signal.aborted && asking.signal.reason !== "late") return;
        this.#fail("The agenda could not be loaded.");
      } finally {
        clearTimeout(late);
      }
    }

    get #path() {
      const base = this.getAttribute("src") || home || document.baseURI;
      const slug = encodeURIComponent(this.getAttribute("convening") ?? "");
      return new URL(`convenings/${slug}/`, base.endsWith("/") ? base : `${base}/`).href;
    }

    #heading(depth, name, ...content) {
      const first = Math.trunc(Number(this.getAttribute("heading-level"))) || 2;
      return el(`h${Math.min(Math.max(first, 1) + depth, 6)}`, name, ...content);
    }

    /** Says what is going on, beside what the page put into the element. */
    #say(role, text, ...more) {
      const focused = this.#root.activeElement !== null;
      this.#view.replaceChildren(el("slot"), set(el("p", "status", text), { role }), ...more);
      if (focused) this.#view.focus();
    }

    #fail(text) {
      const again = set(el("button", "retry", "Try again"), { type: "button" });
      again.addEventListener("click", () => this.load());
      this.#say("alert", text, again);
      this.dispatchEvent(new Event("error"));
    }

    #show(agenda) {
      const focused = this.#root.activeElement !== null;
      const sessions = list(agenda.subEvent);
      const days = el("div", "days");
      const count = set(el("p", "quiet"), { role: "status" });
      const fill = (announced) => {
        const shown = sessions.filter((each) => this.#isChosen(each));
        days.replaceChildren(...this.#days(shown));
        if (announced) count.textContent = `${shown.length} of ${sessions.length} shown`;
      };
      const filters = ["format", "strand"].map((kind) => this.#filter(kind, sessions, () => fill(true)));
      fill(false);
      const shown = [
        ...this.#head(agenda),
        filters.some(Boolean) && el("div", "filters", ...filters, count),
        sessions.length ? days : el("p", "quiet", "Nothing is on this agenda yet."),
        this.#foot(agenda),
      ];
      this.#view.replaceChildren(...shown.filter(Boolean));
      if (focused) this.#view.focus();
    }

    #head(agenda) {
      const [from, to] = [dayOf(agenda.startDate), dayOf(agenda.endDate)];
      const dates = !from ? [] : from === to ? [date(from)] : [date(from), " to ", date(to)];
      const isCancelled = `${agenda.eventStatus}`.endsWith("EventCancelled");
      const place = placeOf(agenda.location);
      return [
        this.#heading(0, "title", agenda.name ?? ""),
        el("p", "quiet", ...dates, place && dates.length ? ` · ${place}` : place),
        isCancelled && el("p", "banner", "Cancelled: this convening does not take place."),
      ];
    }

    /** A choice among the formats or strands of these sessions; nothing where there is no choice. */
    #filter(kind, sessions, changed) {
      const names = [...new Set(sessions.map((each) => term(each, kind)).filter(Boolean))].sort();
      if (!names.includes(this.#chosen[kind])) delete this.#chosen[kind];
      if (names.length < 2) return undefined;
      const options = names.map((name) => set(el("option", "", name), { value: name }));
      const select = el("select", "filter", set(el("option", "", "All"), { value: "" }), ...options);
      select.value = this.#chosen[kind] ?? "";
      select.addEventListener("change", () => {
        this.#chosen[kind] = select.value;
        changed();
      });
      return el("label", "", kind === "format" ? "Format" : "Strand", select);
    }

    #isChosen(session) {
      return Object.entries(this.#chosen).every(([kind, name]) => !name || term(session, kind) === name);
    }

    #days(sessions) {
      const days = new Map();
      for (const each of sessions) {
        const day = dayOf(each.startDate);
        days.set(day, [...(days.get(day) ?? []), each]);
      }
      return [...days].map(([day, those]) => {
        // On a day of which no time is known, times have no column.
        const timed = those.some((each) => time(each));
        const sessions = el("ol", "sessions", ...those.map((each) => this.#session(each, timed)));
        const heading = this.#heading(1, "day", day ? date(day) : "Day not given");
        return el("section", "", heading, set(sessions, { role: "list" }));
      });
    }

    #session(session, timed) {
      const room = session.location?.name === this.#venue ? undefined : session.location?.name;
      const terms = ["format", "strand", "round"].map((kind) => term(session, kind));
      const minutes = /^PT(\d+)M$/.exec(session.duration ?? "")?.[1];
      const facts = joined([...terms, session.audience?.audienceType, room, minutes && `${minutes} minutes`], " · ");
      const speakers = list(session.performer).map(speaker);
      return el("li", timed ? "session timed" : "session",
        timed && el("p", "time", ...(time(session) ?? ["Time not given"])),
        el("div", "",
          this.#heading(2, "name", session.name ?? ""),
          el("p", "facts quiet", facts),
          session.description ? el("p", "abstract", session.description) : "",
          speakers.length ? set(el("ul", "speakers", ...speakers), { role: "list", "aria-label": "Speakers" }) : undefined,
        ),
      );
    }

    #foot(agenda) {
      const zone = `${agenda.eventSchedule?.scheduleTimezone ?? ""}`.replaceAll("_", " ");
      const link = (file, text) => set(el("a", "link", text), { href: this.#path + file });
      return el("div", "foot quiet",
        zone ? el("p", "zone", `Days and times are those of the place: ${zone}.`) : "",
        el("p", "", link("agenda.ics", "Add to a calendar"), " ", link("agenda", "Open as a page")),
      );
    }
  }

  customElements.define("lmi-agenda", LmiAgenda);
})();
