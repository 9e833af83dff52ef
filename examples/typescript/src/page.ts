// Fills the page: the agenda of one convening, and the districts that took part, by county.

import { AgendaDocument, ParticipantsDocument, type AgendaQuery, type ParticipantsQuery } from './generated/graphql.js';
import { all, ask } from './lmi.js';

type Session = NonNullable<AgendaQuery['convening']>['sessions']['nodes'][number];
type Team = NonNullable<ParticipantsQuery['convening']>['teams'] extends infer Teams
  ? NonNullable<Teams> extends { nodes: (infer Node)[] }
    ? Node
    : never
  : never;

export async function sessions(endpoint: string, slug: string): Promise<Session[]> {
  return all(async (after) => (await ask(endpoint, AgendaDocument, { slug, after })).convening?.sessions);
}

export async function teams(endpoint: string, slug: string): Promise<Team[]> {
  return all(async (after) => (await ask(endpoint, ParticipantsDocument, { slug, after })).convening?.teams);
}

function line(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function shown(session: Session): HTMLElement {
  const item = document.createElement('li');
  item.append(line('strong', session.number ? `${session.number}. ${session.title}` : session.title));
  for (const speaker of session.speakers) {
    const title = speaker.titleAsShown ? `, ${speaker.titleAsShown}` : '';
    item.append(line('div', `${speaker.nameAsShown}${title}`));
  }
  return item;
}

export async function fill(endpoint: string, slug: string, agenda: HTMLElement, participants: HTMLElement) {
  agenda.replaceChildren(...(await sessions(endpoint, slug)).map(shown));
  const counties = new Map<string, string[]>();
  for (const { district } of await teams(endpoint, slug)) {
    const county = district.county?.name ?? 'County not stated';
    counties.set(county, [...(counties.get(county) ?? []), district.name]);
  }
  const lines = [...counties].sort().map(([county, districts]) => line('li', `${county}: ${districts.join(', ')}`));
  participants.replaceChildren(...lines);
}
