// Asks the service, with types that come from the document: what it answers, and which variables it takes.

import type { TypedDocumentString } from './generated/graphql.js';

/** What the service refused, by the codes that docs/partners.md lists. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly codes: string[],
  ) {
    super(message);
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

export async function ask<Data, Variables>(
  endpoint: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
    },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const answer = (await response.json()) as Answer<Data>;
  if (answer.errors?.length || !answer.data) {
    const errors = answer.errors ?? [{ message: `The service answered ${response.status}.` }];
    throw new Refused(
      errors.map((error) => error.message).join('\n'),
      errors.map((error) => error.extensions?.code ?? ''),
    );
  }
  return answer.data;
}

/** All pages of a list, one after another: a cursor leads to the next. */
export async function all<Node>(
  page: (after: string | null) => Promise<
    { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } | null | undefined
  >,
): Promise<Node[]> {
  const found: Node[] = [];
  let after: string | null = null;
  for (;;) {
    const part = await page(after);
    if (!part) return found;
    found.push(...part.nodes);
    if (!part.pageInfo.hasNextPage) return found;
    after = part.pageInfo.endCursor ?? null;
  }
}
