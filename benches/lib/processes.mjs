// Processes: starting and stopping them, and the processor time that they have taken, as /proc tells it.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const TICKS = Number(spawnSync("getconf", ["CLK_TCK"]).stdout) || 100;
const started = new Set();

/** Starts a program that goes on; what it says goes to a file. */
export function start(command, args, { env = {}, log }) {
  const out = openSync(log, "w");
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
  closeSync(out);
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

/** Runs a program to its end; what it printed. */
export function run(command, args, { env = {}, input, cwd } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { env: { ...process.env, ...env }, input, cwd, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}${stdout}`);
  return stdout.toString();
}

/** Tells a program to stop and waits until it has. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await Promise.race([ended, sleep(10_000).then(() => child.kill("SIGKILL"))]);
}

/** Stops all that were started. */
export const stopAll = () => Promise.all([...started].map(stop));

/** A run from beginning to end: one that breaks off says why and fails, and whatever was started ends with it. */
export async function wholly(run) {
  try {
    await run();
  } catch (error) {
    console.error(`The run failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await stopAll();
  }
}

/** Waits until something answers. */
export async function until(ask, what) {
  for (let i = 0; i < 300; i += 1) {
    try {
      return await ask();
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`${what} does not answer`);
}

const stat = (pid) => {
  // The name stands in brackets and may have anything in it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
  return { parent: Number(fields[1]), own: Number(fields[11]) + Number(fields[12]), ended: Number(fields[13]) + Number(fields[14]) };
};

/** Milliseconds of processor time that a process has taken itself: a server may be the parent of the database's. */
export const cpu = (pid) => (stat(pid).own * 1000) / TICKS;

/** The same of a process and its children, those that have ended included. */
export function cpuOfFamily(pid) {
  const { own, ended } = stat(pid);
  let ticks = own + ended;
  for (const other of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const child = stat(other);
      if (child.parent === pid) ticks += child.own + child.ended;
    } catch {
      // It has ended meanwhile, and counts with its parent.
    }
  }
  return (ticks * 1000) / TICKS;
}

/** Megabytes of memory that a process has. */
export const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
