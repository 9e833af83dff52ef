// Copies the files of the GraphiQL page out of the installed packages into dist/, where the
// server's build finds and embeds them. The same files are pinned, version and hash, in
// ../api/assets/graphiql/pinned.json for a server that was built without them: a difference
// between the two stops the build. `node build.mjs --pin` writes the pins anew after an update.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

const root = new URL("./", import.meta.url);
const dist = new URL("dist/", root);
const pins = new URL("../api/assets/graphiql/pinned.json", root);
const pin = process.argv.includes("--pin");

const pinned = JSON.parse(await readFile(pins, "utf8"));
const wrong = [];

await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== ".gitignore") await rm(new URL(name, dist));
}

for (const file of pinned.files) {
  const home = new URL(`node_modules/${file.package}/`, root);
  const { version } = JSON.parse(await readFile(new URL("package.json", home), "utf8"));
  const bytes = await readFile(new URL(file.path, home));
  const integrity = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  if (pin) {
    Object.assign(file, { version, integrity });
  } else if (file.version !== version) {
    wrong.push(`${file.package}: ${version} is installed, ${file.version} is pinned`);
  } else if (file.integrity !== integrity) {
    wrong.push(`${file.package}/${file.path}: its hash is ${integrity}, ${file.integrity} is pinned`);
  }
  await copyFile(new URL(file.path, home), new URL(file.name, dist));
  console.log(`${file.name.padEnd(14)} ${file.package}@${version} ${bytes.length} bytes`);
}

if (wrong.length > 0) {
  console.error(`${wrong.join("\n")}\nAfter a wanted update: node build.mjs --pin`);
  process.exit(1);
}
if (pin) await writeFile(pins, `${JSON.stringify(pinned, null, 2)}\n`);
// Written last: the server embeds the files only where this copy equals the pins.
await copyFile(pins, new URL("pinned.json", dist));
