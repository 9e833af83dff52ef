// The schema before Relay: its rules for connections and nodes, and its own compiler on a page of every list.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSchema, getNamedType as named, isLeafType, isObjectType, isRequiredArgument, printSchema } from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
const fields = (type) => Object.values(type.getFields());
const isConnection = (type) => named(type).name.endsWith('Connection');
/** What the rows of a connection are. */
const row = (connection) => named(named(named(connection).getFields().edges.type).getFields().node.type);

test('every row of a connection is a node', () => {
  const node = schema.getType('Node');
  const rows = objects.filter(isConnection).map(row);
  const types = rows.flatMap((type) => (isObjectType(type) ? [type] : schema.getPossibleTypes(type)));
  assert.ok(types.length > 20);
  assert.deepEqual(types.filter((type) => !type.getInterfaces().includes(node)).map(({ name }) => name), []);
});

test('every field that answers a connection takes the arguments of a page', () => {
  for (const field of objects.flatMap(fields).filter(({ type }) => isConnection(type))) {
    const type = (name) => String(field.args.find((argument) => argument.name === name)?.type);
    assert.deepEqual([type('first'), type('after')], ['Int', 'String'], field.name);
    // A list that is found by what fits best is read from its start only.
    const backwards = field.name === 'search' ? ['undefined', 'undefined'] : ['Int', 'String'];
    assert.deepEqual([type('last'), type('before')], backwards, field.name);
  }
});

/** Components with a page of a list, and with a row that can be fetched again. */
function components(field, number) {
  const type = row(field.type);
  const leaves = fields(type).filter((leaf) => isLeafType(named(leaf.type)) && !leaf.args.some(isRequiredArgument));
  const name = `page${number}`;
  const list = `fragment ${name}_list on Query @refetchable(queryName: "${name}ListQuery")
    @argumentDefinitions(count: {type: "Int", defaultValue: 10}, cursor: {type: "String"}) {
    ${field.name}(first: $count, after: $cursor) @connection(key: "${name}_${field.name}") {
      edges { node { ...${name}Row_row } } } }`;
  const refetched = `fragment ${name}Row_row on ${type.name} @refetchable(queryName: "${name}RowQuery") {
    ${leaves.slice(0, 4).map((leaf) => leaf.name).join(' ')} }`;
  return [
    [`${name}.js`, `const query = graphql\`query ${name}Query { ...${name}_list }\`; const list = graphql\`${list}\`;`],
    [`${name}Row.js`, `const row = graphql\`${refetched}\`;`],
  ];
}

test('the compiler takes a page of every list', () => {
  const lists = fields(schema.getQueryType()).filter(
    ({ type, args }) => isConnection(type) && isObjectType(row(type)) && !args.some(isRequiredArgument),
  );
  const files = lists.flatMap(components);
  assert.ok(files.length > 10);
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  const config = { src: './src', schema: './schema.graphql', language: 'javascript' };
  try {
    mkdirSync(join(folder, 'src'));
    for (const [name, text] of files) writeFileSync(join(folder, 'src', name), text);
    writeFileSync(join(folder, 'schema.graphql'), printSchema(schema));
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config));
    const compiler = fileURLToPath(new URL('node_modules/relay-compiler/cli.js', import.meta.url));
    const run = { cwd: folder, encoding: 'utf8' };
    const compiled = spawnSync(process.execPath, [compiler, join(folder, 'relay.config.json')], run);
    assert.equal(compiled.status, 0, compiled.stdout + compiled.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
