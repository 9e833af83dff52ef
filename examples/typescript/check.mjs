// Asks a running service what the page asks, and says how much came: node check.mjs http://127.0.0.1:8080
import { sessions, teams } from './dist/page.js';

const endpoint = `${process.argv[2] ?? 'http://127.0.0.1:8080'}/graphql`;
const [agenda, participants] = await Promise.all([sessions(endpoint, '2015-symposium'), teams(endpoint, '2015-symposium')]);
if (!agenda.length || !participants.length) throw new Error('The page would be empty.');
console.log(`${agenda.length} sessions, ${participants.length} districts`);
