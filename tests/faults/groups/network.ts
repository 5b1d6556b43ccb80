/** Packets that get lost: connections stay open, since nobody is there to say otherwise. */
import { join } from "node:path";
import type { Direction } from "../../support/fault_proxy.ts";
import { canHaveNetworks, makeNetwork } from "../../support/network.ts";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import { atAllStages } from "../at_all_stages.ts";
import { startHere } from "../attempt.ts";
import { casesOf, everywhere, type Group, STAGES } from "../fault.ts";
import { STALL_MS } from "./line.ts";

function lost(fault: string, directions: readonly Direction[]): Group {
  const [, ...later] = STAGES;
  return {
    name: fault,
    cases: casesOf(fault, {
      // See LINE_FAULTS.
      ...everywhere(
        "CONNECTION_STALLED",
        ...directions.includes("down") ? [] : ["CONNECTION_LOST"],
      ),
      connect: "CONNECT_TIMEOUT",
    }),
    possible: canHaveNetworks,
    async run(grounds) {
      await using folder = tempFolder(fastParent());
      const sockets = later.map((stage) => join(folder.path, stage));
      await using network = await makeNetwork(sockets);
      const address = (i: number) => `tcp://${network.hosts[i]}`;
      await using all = await atAllStages(grounds, (stage) => {
        const i = later.indexOf(stage as typeof later[number]);
        return { stallTimeoutMs: STALL_MS, socket: sockets[i]!, address: () => address(i) };
      }, later);
      await network.lose(directions);
      const from = performance.now();
      const connecting = startHere({ address: address(0), dockerfile: "FROM scratch\n" }).ended;
      const [{ outcome, at }, ...endings] = await Promise.all([
        connecting,
        ...all.attempts.map((attempt) => attempt.ending(from)),
      ]);
      // What we have closed they learn from the relay: no packet could tell.
      await network.leave();
      await Promise.all(all.attempts.map((attempt) => attempt.aftermath()));
      return [{ outcome, seconds: (at - from) / 1000 }, ...endings];
    },
  };
}

/** The groups. */
export const NETWORK_FAULTS: readonly Group[] = [
  lost("all packets from the builder are lost", ["down"]),
  lost("all packets to the builder are lost", ["up"]),
  lost("all packets are lost", ["up", "down"]),
];
