// Sets a password by the token in the link. The token stands behind the number sign, which browsers never send by
// themselves: no log on the way has it.
"use strict";

const invited = location.pathname.endsWith("/invitation");
const mutation = invited
  ? "mutation ($token: String!, $password: String!) { done: acceptInvitation(input: {token: $token, password: $password}) { userErrors { message } } }"
  : "mutation ($token: String!, $password: String!) { done: resetPassword(input: {token: $token, newPassword: $password}) { userErrors { message } } }";

const element = (id) => document.getElementById(id);
const form = element("form");

function tell(message, isWrong) {
  element("outcome").textContent = message;
  element("outcome").className = isWrong ? "wrong" : "";
}

async function set(password) {
  const token = location.hash.slice(1);
  const answer = await fetch("graphql", {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: mutation, variables: { token, password } }),
  });
  const { data, errors } = await answer.json();
  return [...(errors ?? []), ...(data?.done?.userErrors ?? [])].map((error) => error.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const password = element("password").value;
  if (password !== element("again").value) {
    tell("These are two passwords. Type the same one twice.", true);
    return;
  }
  form.querySelector("button").disabled = true;
  tell("", false);
  try {
    const faults = await set(password);
    if (faults.length === 0) {
      form.hidden = true;
      history.replaceState(null, "", location.pathname);
      tell("Your password is set. Sign in with your address and this password.", false);
    } else {
      tell(faults.join(" "), true);
    }
  } catch {
    tell("The service did not answer. Try again in a moment.", true);
  }
  form.querySelector("button").disabled = false;
});
