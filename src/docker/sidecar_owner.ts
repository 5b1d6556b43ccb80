/** Whose a sidecar is: labels by which a crashed run's leftovers can be told from what is in use. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import type { Labels } from "./sidecar_api.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/** Marks everything of a sidecar; the value is its name. */
export const SIDECAR_LABEL = "moat-build.sidecar";
/** Names the process with whose end a sidecar's time is over; those without it stay until they are removed. */
export const OWNER_LABEL = "moat-build.owner";
/** The network that a sidecar was started on, and its address there. */
export const NETWORK_LABEL = "moat-build.network";
export const ADDRESS_LABEL = "moat-build.address";

/** A process; of what could not be found out there is nothing. */
export interface Owner {
  readonly pid: number;
  /** The host's name, with its machine-id where it has one: names alone are not unique. */
  readonly host?: string;
  /** Which boot of the host, and which of its process number spaces. */
  readonly boot?: string;
  readonly space?: string;
  /** When the process started, in the kernel's clock ticks since the boot: numbers of processes come again. */
  readonly birth?: string;
}

/** `unknown` is who can't be seen from here. */
export type OwnerState = "none" | "alive" | "dead" | "unknown";

/** This process. */
export function thisProcess(): Owner {
  return {
    pid: process.pid,
    ...defined("host", attempt(hostId)),
    ...defined("boot", attempt(bootId)),
    ...defined("space", attempt(processSpace)),
    ...defined("birth", attempt(() => birthOf(process.pid))),
  };
}

/** What became of a sidecar's owner. Who can't be shown to be dead is not. */
export function ownerState(labels: Labels, here: Owner = thisProcess()): OwnerState {
  const text = labels[OWNER_LABEL];
  if (text === undefined) return "none";
  const owner = parseOwner(text);
  if (owner === undefined || owner.host === undefined || owner.host !== here.host) return "unknown";
  if (differ(owner.boot, here.boot)) return "dead";
  if (differ(owner.space, here.space)) return "unknown";
  const running = attempt(() => isRunning(owner.pid));
  if (running !== true) return running === undefined ? "unknown" : "dead";
  return differ(owner.birth, attempt(() => birthOf(owner.pid))) ? "dead" : "alive";
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Owner | null;
    return typeof value?.pid === "number" ? value : undefined;
  } catch (error) {
    // A label that somebody else has written.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process runs as well.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") return true;
    if (code === "ESRCH") return false;
    throw error;
  }
}

function hostId(): string {
  const machine = attempt(() => readFileSync("/etc/machine-id", "utf8").trim());
  return machine === undefined ? hostname() : `${hostname()}/${machine}`;
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function processSpace(): string {
  return readlinkSync("/proc/self/ns/pid");
}

/** Field 22 of proc_pid_stat(5); the second one, in parentheses, may hold spaces. */
function birthOf(pid: number): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/** Undefined where the system has no such thing, or the runtime does not let us see it. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (isNotCapable(error) || ["ENOENT", "EACCES", "EPERM", "ESRCH"].includes(code)) {
      return undefined;
    }
    throw error;
  }
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function defined<K extends string>(key: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined ? {} : { [key]: value } as { [key in K]?: string };
}
