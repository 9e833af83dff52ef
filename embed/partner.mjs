// A partner's site: pages of another origin than the service's, which show agendas.

import { createServer } from "node:http";

const FALLBACK = (server) => `<p>The agenda: <a href="${server}convenings/2015-symposium/agenda">as a page</a></p>`;

/** A page with an agenda in it; `element` is what the partner pasted. */
const page = (title, head, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>${head}</head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;

const element = (server, attributes = "") =>
  `<lmi-agenda convening="2015-symposium" ${attributes}>${FALLBACK(server)}</lmi-agenda>
<script src="${server}embed/lmi-agenda.js" defer></script>`;

/** The partner's pages, by path: what stands there, and what its security policy is. */
const pages = (server) => ({
  "/": [page("Partner", "", element(server))],
  "/strict": [
    page("Strict partner", "", element(server)),
    `default-src 'none'; script-src ${server}; connect-src ${server}`,
  ],
  "/themed": [
    page(
      "Themed partner",
      "<style>lmi-agenda{--lmi-accent:#7a1f5c;--lmi-ground:#fff8ef;--lmi-padding:2rem}lmi-agenda::part(title){font-style:italic}</style>",
      element(server, 'theme="light" heading-level="3"'),
    ),
  ],
  "/frame": [
    page("Framing partner", "", `<iframe title="Agenda" src="${server}convenings/2015-symposium/agenda" width="700" height="500"></iframe>`),
  ],
});

/** Serves the partner's pages; answers with their address and how to stop. */
export async function partner(service) {
  const known = pages(service);
  const server = createServer((request, response) => {
    // Browsers ask for an icon by themselves.
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    const [html, policy] = known[new URL(request.url, "http://partner").pathname] ?? [];
    response.writeHead(html ? 200 : 404, {
      "content-type": "text/html; charset=utf-8",
      ...(policy ? { "content-security-policy": policy } : {}),
    });
    response.end(html ?? "");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
