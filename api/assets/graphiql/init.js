// Starts GraphiQL on the endpoint that served the page. The opening queries stand in the page as JSON.
(() => {
  "use strict";

  if (!window.React || !window.ReactDOM || !window.GraphiQL) {
    document.getElementById("wait").textContent =
      "GraphiQL could not be loaded. Queries can still be sent to this address as POST requests.";
    return;
  }

  const { createElement } = window.React;
  const { GraphiQL } = window;

  const failure = (message) => ({ errors: [{ message }] });

  const operations = (query) => {
    try {
      return GraphiQL.GraphQL.parse(query).definitions.filter((one) => one.kind === "OperationDefinition");
    } catch {
      // The server says what is wrong with it.
      return [];
    }
  };

  const fetcher = async ({ query, variables, operationName }, options) => {
    // Just after a change of tab, GraphiQL still names the operation of the tab before.
    const found = operations(query);
    const chosen = found.length === 1 ? found[0] : found.find((one) => one.name?.value === operationName);
    if (chosen?.operation === "subscription") {
      return failure(
        "This page sends queries and mutations. A subscription runs over a WebSocket (graphql-transport-ws) or as server-sent events at the same address.",
      );
    }
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json",
        "content-type": "application/json",
        ...options?.headers,
      },
      body: JSON.stringify({ query, variables, operationName: chosen ? chosen.name?.value : operationName }),
    });
    return response.json().catch(() => failure(`The server answered ${response.status}, without JSON.`));
  };

  const opening = JSON.parse(document.getElementById("queries").textContent).map((query) => ({ query: query.trim() }));

  // A link may bring a query of its own: it is shown, and runs only when asked to.
  const link = new URLSearchParams(location.search);
  const query = link.get("query") ?? undefined;
  const variables = link.get("variables") ?? undefined;

  window.ReactDOM.createRoot(document.getElementById("graphiql")).render(
    createElement(
      GraphiQL,
      {
        fetcher,
        query,
        variables,
        defaultTabs: query === undefined ? opening : [{ query, variables }, ...opening],
        defaultQuery: "",
      },
      createElement(
        GraphiQL.Logo,
        null,
        createElement("a", { className: "graphiql-logo-link", href: "./" }, "Labor-Management Initiative"),
      ),
    ),
  );
})();
