// What a request costs: milliseconds of processor time of the server and of PostgreSQL, and how long it takes.
import { setTimeout as sleep } from "node:timers/promises";
import { cpu, cpuOfFamily } from "../processes.mjs";

const AT_ONCE = 2;
/** Processor time is told in hundredths of a second: so much of it, in milliseconds, that one of them is nothing. */
const ENOUGH = 600;
const LONGEST = 20_000;
const ROUND = 12;

/** Sends requests until enough time was taken, and says what one of them took. `send(i)` throws where it is answered wrongly. */
export async function cost(send, { server, postmaster }) {
  for (let i = 0; i < ROUND; i += 1) await send(i);
  // What was written before is cleaned up by then, or not worth it.
  await sleep(50);
  const spent = () => ({ server: cpu(server), database: cpuOfFamily(postmaster) });
  const [before, begun, latencies] = [spent(), performance.now(), []];
  let now = before;
  for (let sent = ROUND; ; ) {
    const round = sent;
    sent += ROUND;
    const one = async (first) => {
      for (let i = round + first; i < round + ROUND; i += AT_ONCE) {
        const start = performance.now();
        await send(i);
        latencies.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(i)));
    now = spent();
    const taken = now.server + now.database - before.server - before.database;
    if (taken >= ENOUGH || performance.now() - begun > LONGEST) break;
  }
  const each = (what) => (now[what] - before[what]) / latencies.length;
  const median = latencies.sort((a, b) => a - b)[Math.floor(latencies.length / 2)];
  return { server: each("server"), database: each("database"), sum: each("server") + each("database"), median, requests: latencies.length };
}
