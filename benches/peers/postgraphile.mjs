// PostGraphile 5 on the product's own tables, with the functions of postgraphile.sql.
// node postgraphile.mjs FOLDER_OF_SOCKET DATABASE PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [, , host, database, port] = process.argv;
const preset = {
  extends: [PostGraphileAmberPreset],
  // Lists are ordered by columns that an index has only further back, or as an expression.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [makePgService({ poolConfig: { host, user: "postgres", database, max: 16 }, schemas: ["public", "bench"] })],
  grafserv: { graphiql: false, watch: false },
};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1");
