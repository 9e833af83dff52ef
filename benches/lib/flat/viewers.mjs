// Who asks: accounts with one role each, which are made once in each data set.
import { existsSync, writeFileSync } from "node:fs";
import { run } from "../processes.mjs";

const PASSWORD = "correct horse battery staple";
const SCOPES = {
  staff: ["STAFF"],
  partner: ["PARTNER", "--organization", "SELECT slug FROM organization ORDER BY id LIMIT 1 OFFSET 5"],
  organizer: ["ORGANIZER", "--convening", "SELECT slug FROM convening WHERE agenda_published ORDER BY id LIMIT 1 OFFSET 5"],
  lead: ["TEAM_LEAD", "--district", "SELECT cds_code FROM district ORDER BY id LIMIT 1 OFFSET 5"],
};
const address = (name) => `flat-${name}@example.org`;

/** Makes the accounts, where they are not there yet. */
export async function makeAccounts(db, binary, folder) {
  for (const [name, [role, option, sql]] of Object.entries(SCOPES)) {
    const made = `${folder}/flat-${name}`;
    if (existsSync(made)) continue;
    const scope = option ? [option, (await db.query({ text: sql, rowMode: "array" })).rows[0][0]] : [];
    const args = ["account", "create", "--email", address(name), "--name", `Bench ${name}`, "--role", role, ...scope];
    run(binary, args, { env: { LMI_DATA_DIR: folder }, input: `${PASSWORD}\n` });
    writeFileSync(made, "");
  }
}

/** Signs all of them in; what each sends in its head. */
export async function signIn(port) {
  const query = "mutation ($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) { accessToken } }";
  const heads = { undefined: {} };
  for (const name of Object.keys(SCOPES)) {
    const body = JSON.stringify({ query, variables: { email: address(name), password: PASSWORD } });
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body });
    heads[name] = { authorization: `Bearer ${(await answer.json()).data.signIn.accessToken}` };
  }
  return heads;
}
