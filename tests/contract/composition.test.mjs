// The subgraph before the library that routers compose with.
import { composeServices } from '@apollo/composition';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parse } from 'graphql';

const program = process.env.LMI ?? fileURLToPath(new URL('../../target/debug/lmi', import.meta.url));
const dataset = execFileSync(program, ['schema', '--federation'], { encoding: 'utf8' });
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@external", "@requires"])';

function composed(...parts) {
  const services = parts.map((sdl, i) => ({ name: `part${i}`, url: `http://part${i}.example`, typeDefs: parse(sdl) }));
  const { errors, supergraphSdl } = composeServices(services);
  assert.deepEqual((errors ?? []).map(({ message }) => message), []);
  return supergraphSdl;
}

test('the dataset composes by itself', () => {
  composed(dataset);
});

test('a partner adds to districts what only the partner knows, by whatever key', () => {
  for (const key of ['id: ID!', 'slug: String!', 'cdsCode: String']) {
    const partner = `${LINK}
      type District @key(fields: "${key.split(':')[0]}") { ${key} budget: Int }
      type Query { richest: District }`;
    assert.match(composed(dataset, partner), /budget: Int/);
  }
});

test('a partner builds on what the dataset knows', () => {
  const partner = `${LINK}
    type Convening @key(fields: "slug") { slug: String! title: String! @external invitation: String @requires(fields: "title") }
    type Query { ping: String }`;
  composed(dataset, partner);
});

test('a partner has pages, too', () => {
  const partner = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@shareable"])
    type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    type Grants { pageInfo: PageInfo! }
    type Query { grants: Grants }`;
  composed(dataset, partner);
});

test('what clashes is found', () => {
  const clash = `${LINK} type District @key(fields: "id") { id: ID! name: Int } type Query { ping: String }`;
  assert.throws(() => composed(dataset, clash), /name/);
});
