// What breaks for those who use a schema when it becomes another, and was not announced for long enough before.
//
// A field, an argument, a value or a field of an input that is to go is marked `@deprecated` first, with a reason that
// says what to use instead and ends with the day from which it may be gone: `Use `name`. Gone from 2027-06-01.`
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** Days from the announcement to the day from which something may be gone. */
export const NOTICE = 180;

const GOES = /Gone from (\d{4}-\d{2}-\d{2})\.$/;

/** The day from which what has this reason may be gone; none where the reason names none that there is. */
function goesOn(reason) {
  const day = new Date(`${GOES.exec(reason ?? '')?.[1]}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? undefined : day;
}

const members = (type) =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? type.getFields()
    : isEnumType(type)
      ? Object.fromEntries(type.getValues().map((value) => [value.name, value]))
      : {};

/** Everything in a schema that can be marked, by its path. */
function marked(schema) {
  const all = new Map();
  for (const type of Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    for (const [name, member] of Object.entries(members(type))) {
      all.set(`${type.name}.${name}`, member);
      for (const argument of member.args ?? []) all.set(`${type.name}.${name}.${argument.name}`, argument);
    }
  }
  return all;
}

/** Whether what stood at a path of a schema may be gone: it, or what it was part of, was announced. */
function mayBeGone(all, path, today) {
  const parts = path.split('.');
  return parts.some((_, length) => {
    const day = goesOn(all.get(parts.slice(0, length + 1).join('.'))?.deprecationReason);
    return day !== undefined && day <= today;
  });
}

/** Whether everything that led to a type may be gone, and so the type. */
function typeMayBeGone(all, name, today) {
  const leading = [...all].filter(([, member]) => member.type && getNamedType(member.type).name === name);
  return leading.length > 0 && leading.every(([path]) => mayBeGone(all, path, today));
}

/** The changes from one schema to another that break something for somebody, a line for each. */
export async function breaking(before, after, today = new Date()) {
  const released = buildSchema(before);
  const all = marked(released);
  const changes = await diff(released, buildSchema(after));
  const announced = ({ type, path = '' }) =>
    type.endsWith('_REMOVED') && (path.includes('.') ? mayBeGone(all, path, today) : typeMayBeGone(all, path, today));
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking && !announced(change))
    .map(({ path, message }) => `${path}: ${message}`)
    .sort();
}

/** What is wrong with how a schema announces what is to go, a line for each: no day, or one too early. */
export function badlyAnnounced(before, after, today = new Date()) {
  const released = marked(buildSchema(before));
  const earliest = new Date(today);
  earliest.setUTCDate(earliest.getUTCDate() + NOTICE);
  const faults = [];
  for (const [path, { deprecationReason }] of marked(buildSchema(after))) {
    const known = goesOn(released.get(path)?.deprecationReason);
    const day = goesOn(deprecationReason);
    if (deprecationReason == null) continue;
    if (day === undefined) faults.push(`${path}: end its reason with the day, as in "Gone from 2027-06-01."`);
    else if (day < (known ?? earliest)) faults.push(`${path}: leave it for ${NOTICE} days from its announcement at least`);
  }
  return faults;
}
