/** A network of its own (a namespace and a pair of interfaces) behind which servers of this machine can be reached, and cut off as a real network does it. Needs root and iproute2. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Direction } from "./fault_proxy.ts";
import { run, runOk } from "./process.ts";
import { find } from "./tools.ts";

const RELAY = fileURLToPath(new URL("network_relay.ts", import.meta.url));

/** Nobody's. */
const WRONG_ADDRESS = "02:00:00:00:00:01";

/** A network with a relay in it. It is gone at the end of the block. */
export interface Network extends AsyncDisposable {
  /** `host:port` for each of the sockets, as reached from this side. */
  readonly hosts: readonly string[];
  /** From now on packets in these directions get lost: `up` into the network, `down` out of it. */
  lose(directions: readonly Direction[]): Promise<void>;
  /** Ends the relay, and with it the connections behind it. */
  leave(): Promise<void>;
}

/** Whether this machine can have such networks. */
export async function canHaveNetworks(): Promise<boolean> {
  if (find("ip") === undefined) return false;
  const name = nameOf();
  const { code } = await run("ip", ["netns", "add", name]);
  if (code === 0) await runOk("ip", ["netns", "del", name]);
  return code === 0;
}

/** Makes a network that leads to these sockets. */
export async function makeNetwork(sockets: readonly string[]): Promise<Network> {
  const name = nameOf();
  const ip = async (...args: string[]) => void await runOk("ip", args);
  // Addresses for tests of networks (RFC 2544), four for each.
  const [third = 0, fourth = 0] = crypto.getRandomValues(new Uint8Array(2));
  const base = fourth & ~3;
  const [here, there] = [1, 2].map((i) => `198.18.${third}.${base + i}`) as [string, string];
  const [ours, theirs] = [`${name}a`, `${name}b`];
  await ip("netns", "add", name);
  let relay: ChildProcess | undefined;
  let left = Promise.resolve();
  const leave = () => {
    relay?.kill("SIGKILL");
    return left;
  };
  const remove = async () => {
    await leave();
    await ip("netns", "del", name);
    // The other end goes with the namespace, at its leisure.
    await run("ip", ["link", "del", ours]);
  };
  try {
    await ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name);
    await ip("addr", "add", `${here}/30`, "dev", ours);
    await ip("link", "set", ours, "up");
    await ip("-n", name, "addr", "add", `${there}/30`, "dev", theirs);
    await ip("-n", name, "link", "set", theirs, "up");
    const deno = [Deno.execPath(), "run", "--allow-all", "--no-check", RELAY, there, ...sockets];
    relay = spawn("ip", ["netns", "exec", name, ...deno], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: relay.stdout! })[Symbol.asyncIterator]();
    left = new Promise((resolve) => relay!.once("close", () => resolve()));
    const { value, done } = await lines.next();
    if (done) throw new Error("The relay did not start");
    const ports = JSON.parse(value) as number[];
    return {
      hosts: ports.map((port) => `${there}:${port}`),
      async lose(directions) {
        const lost = ["lladdr", WRONG_ADDRESS, "nud", "permanent", "dev"];
        if (directions.includes("up")) await ip("neigh", "replace", there, ...lost, ours);
        if (!directions.includes("down")) return;
        await ip("-n", name, "neigh", "replace", here, ...lost, theirs);
      },
      leave,
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Short: interfaces have no long names. */
function nameOf(): string {
  return `moat${crypto.randomUUID().slice(0, 8)}`;
}
