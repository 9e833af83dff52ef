// What counts as breaking, by examples, and that nothing does between the last release and now.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { badlyAnnounced, breaking } from './breaking.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const TODAY = new Date('2027-01-01T00:00:00Z');

const BEFORE = `
interface Node { id: ID! }
enum Kind { UNION SCHOOL }
input Filter { name: String kind: Kind }
type District implements Node { id: ID! name: String! kind: Kind old: String @deprecated(reason: "Use name. Gone from 2026-12-31.")
  soon: String @deprecated(reason: "Use name. Gone from 2027-02-01.") vague: String @deprecated(reason: "Use name.")
  mayor: Mayor @deprecated(reason: "Nobody asked. Gone from 2026-06-01.") page(first: Int): String }
type Mayor { name: String }
type School { name: String }
union Place = District | School
type Query { district(by: Filter): District districts(filter: Filter, first: Int = 20): [District!]! place: Place }
type Mutation { rename(name: String!): District }`;

/** The schema with one text in another's place. */
const changed = (from, to) => {
  assert.ok(BEFORE.includes(from), from);
  return BEFORE.replace(from, to);
};

for (const [what, from, to] of [
  ['a field is gone', 'name: String! kind: Kind old', 'kind: Kind old'],
  ['a type is gone', 'union Place = District | School', 'union Place = District'],
  ['a field may be null that could not be', 'name: String! kind', 'name: String kind'],
  ['a field has another type', 'kind: Kind old', 'kind: String old'],
  ['a list has become one', '[District!]!', 'District!'],
  ['items of a list may be null', '[District!]!', '[District]!'],
  ['a value is gone', 'UNION SCHOOL', 'UNION'],
  ['an interface is gone', 'District implements Node', 'District'],
  ['an argument is gone', 'page(first: Int)', 'page'],
  ['an argument has another type', 'page(first: Int)', 'page(first: String)'],
  ['an argument must be given that need not be', 'page(first: Int)', 'page(first: Int!)'],
  ['a new argument must be given', 'rename(name: String!)', 'rename(name: String!, id: ID!)'],
  ['a new field of an input must be given', 'input Filter { name', 'input Filter { id: ID! name'],
  ['a field of an input is gone', 'name: String kind: Kind }', 'name: String }'],
  ['a field of an input must be given that need not be', 'name: String kind: Kind }', 'name: String! kind: Kind }'],
  ['a root type is gone', 'type Mutation { rename(name: String!): District }', ''],
  ['something goes before its day', 'soon: String', 'late: String'],
  ['something goes that named no day', 'vague: String @deprecated(reason: "Use name.")', ''],
]) {
  test(`it breaks something where ${what}`, async () => {
    assert.notDeepEqual(await breaking(BEFORE, changed(from, to), TODAY), []);
  });
}

for (const [what, from, to] of [
  ['nothing has changed', 'type Query', 'type Query'],
  ['a field is new', 'name: String! kind', 'name: String! code: String kind'],
  ['a type is new', 'type School', 'type Town { name: String } type School'],
  ['a field is never null that could be', 'kind: Kind old', 'kind: Kind! old'],
  ['a new argument may be left out', 'page(first: Int)', 'page(first: Int, after: String)'],
  ['a new argument has a default', 'page(first: Int)', 'page(first: Int, size: Int! = 1)'],
  ['an argument may be left out that had to be given', 'rename(name: String!)', 'rename(name: String)'],
  ['a new field of an input may be left out', 'input Filter { name', 'input Filter { code: String name'],
  ['something is announced', 'kind: Kind old', 'kind: Kind @deprecated(reason: "Gone from 2028-01-01.") old'],
  ['something goes on its day', 'old: String @deprecated(reason: "Use name. Gone from 2026-12-31.")', ''],
  ['a value is new', 'UNION SCHOOL', 'UNION SCHOOL COUNTY'],
]) {
  test(`it breaks nothing where ${what}`, async () => {
    assert.deepEqual(await breaking(BEFORE, changed(from, to), TODAY), []);
  });
}

test('a type may go with all that led to it', async () => {
  const field = 'mayor: Mayor @deprecated(reason: "Nobody asked. Gone from 2026-06-01.")';
  const without = changed(field, '').replace('type Mayor { name: String }', '');
  assert.deepEqual(await breaking(BEFORE, without, TODAY), []);
});

test('each change is told in a line', async () => {
  assert.deepEqual(await breaking(BEFORE, changed('UNION SCHOOL', 'UNION'), TODAY), [
    "Kind.SCHOOL: Enum value 'SCHOOL' was removed from enum 'Kind'",
  ]);
});

test('what is to go is announced with a day that is far enough away', () => {
  const announced = (reason) => badlyAnnounced('type Query { a: Int }', `type Query { a: Int @deprecated(reason: "${reason}") }`, TODAY);
  assert.deepEqual(announced('Use b. Gone from 2027-06-30.'), []);
  for (const reason of ['Use b.', 'Use b. Gone from 2027-06-29.', 'Use b. Gone from 2027-13-01.', 'Gone from 2028-01-01. Use b.']) {
    assert.equal(announced(reason).length, 1, reason);
  }
});

test('what was announced may be put off, and never brought forward', () => {
  const marked = (day) => `type Query { a: Int @deprecated(reason: "Gone from ${day}.") }`;
  assert.deepEqual(badlyAnnounced(marked('2027-02-01'), marked('2027-03-01'), TODAY), []);
  assert.equal(badlyAnnounced(marked('2027-02-01'), marked('2027-01-02'), TODAY).length, 1);
});

test('nothing breaks for those who use the last release', async () => {
  assert.deepEqual(await breaking(read('released.graphql'), read('../../schema.graphql')), []);
});

test('what is to go is announced as the rule says', () => {
  assert.deepEqual(badlyAnnounced(read('released.graphql'), read('../../schema.graphql')), []);
});
