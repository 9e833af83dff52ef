// Answers a survey by the token in the link. The token stands behind the number sign, which browsers never send by
// themselves: no log on the way has it.
"use strict";

const OPEN = `mutation ($token: String!) { opened: openBallot(input: {token: $token}) { ballot
  survey { title introduction items { id kind prompt options minimum maximum required } } userErrors { message } } }`;
const CAST = `mutation ($ballot: String!, $answers: [AnswerInput!]!) {
  done: castBallot(input: {ballot: $ballot, answers: $answers}) { userErrors { message } } }`;
const AGREEMENT = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"];

const element = (id) => document.getElementById(id);

function tell(message, isWrong) {
  element("outcome").textContent = message;
  element("outcome").className = isWrong ? "wrong" : "";
}

function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function ask(query, variables) {
  const answer = await fetch("graphql", {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  const payload = data?.opened ?? data?.done;
  const faults = [...(errors ?? []), ...(payload?.userErrors ?? [])].map((error) => error.message);
  return { payload, faults };
}

function field(item) {
  const { id, kind, required } = item;
  const choices = kind === "LIKERT" ? AGREEMENT : item.options;
  const type = kind === "MULTIPLE_CHOICE" ? "checkbox" : "radio";
  const choice = (label, place) => make("label", {}, make("input", {
    type, name: id, value: String(place + 1), required: required && type === "radio" }), label);
  if (kind === "NUMBER") {
    return [make("input", { type: "number", name: id, min: item.minimum, max: item.maximum, step: 1, required })];
  }
  if (kind === "OPEN_TEXT") return [make("textarea", { name: id, maxLength: 2000, required })];
  if (kind === "HEADLINE") return [make("input", { type: "text", name: id, maxLength: 300, required })];
  return choices.map(choice);
}

function answer(item, form) {
  const given = form.getAll(item.id).filter((value) => value.trim() !== "");
  const places = given.map(Number);
  if (item.kind === "MULTIPLE_CHOICE") return { itemId: item.id, choices: places };
  if (given.length === 0) return null;
  switch (item.kind) {
    case "LIKERT": return { itemId: item.id, rating: places[0] };
    case "SINGLE_CHOICE": return { itemId: item.id, choices: places };
    case "NUMBER": return { itemId: item.id, number: places[0] };
    default: return { itemId: item.id, text: given[0] };
  }
}

async function begin() {
  const { payload, faults } = await ask(OPEN, { token: location.hash.slice(1) });
  if (!payload?.ballot || !payload.survey) {
    tell(faults.join(" ") || "This survey cannot be shown.", true);
    return;
  }
  const { ballot, survey } = payload;
  element("title").textContent = survey.title;
  element("introduction").textContent = survey.introduction ?? "";
  element("items").append(...survey.items.map((item) => make("fieldset", {}, make("legend", {}, item.prompt), ...field(item))));
  const form = element("form");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    try {
      const filled = new FormData(form);
      const answers = survey.items.map((item) => answer(item, filled)).filter(Boolean);
      const { faults } = await ask(CAST, { ballot, answers });
      if (faults.length === 0) {
        form.hidden = true;
        tell("Thank you. Your answers count.", false);
      } else {
        tell(faults.join(" "), true);
      }
    } catch {
      tell("The service did not answer. Try again in a moment.", true);
    }
    form.querySelector("button").disabled = false;
  });
}

begin().catch(() => tell("The service did not answer. Open the link again in a moment.", true));
