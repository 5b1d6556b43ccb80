/** What happens to the daemon: killed, paused, out of disk. */
import process from "node:process";
import { startBuildkitd } from "../../support/buildkitd.ts";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import { atAllStages } from "../at_all_stages.ts";
import { casesOf, everywhere, type Group } from "../fault.ts";

/** What a pause must not hurt, in milliseconds. */
const PAUSE_MS = 30_000;

const KILLED: Group = {
  name: "the builder is killed",
  cases: casesOf("the builder is killed", {
    ...everywhere("CONNECTION_LOST"),
    connect: ["CONNECTION_LOST", "CONNECTION_REFUSED"],
  }),
  async run(grounds) {
    const { tools, registry } = grounds;
    await using root = tempFolder(fastParent());
    const settings = { tools, root: root.path, insecureRegistries: [registry] };
    await using first = await startBuildkitd(settings);
    await using all = await atAllStages(grounds, { daemon: first.address });
    const from = performance.now();
    process.kill(first.pid, "SIGKILL");
    const verdicts = await Promise.all(all.attempts.map((attempt) => attempt.ending(from)));
    await first.stop();
    await using second = await startBuildkitd(settings);
    await Promise.all(all.attempts.map((attempt) => attempt.aftermath(second.address)));
    return verdicts;
  },
};

const PAUSED: Group = {
  name: "the builder is paused for 30 s",
  long: true,
  cases: casesOf("the builder is paused for 30 s", everywhere("built")),
  async run(grounds) {
    const { tools, registry } = grounds;
    await using daemon = await startBuildkitd({ tools, insecureRegistries: [registry] });
    const options = { daemon: daemon.address, survives: true };
    await using all = await atAllStages(grounds, options);
    const from = performance.now();
    process.kill(daemon.pid, "SIGSTOP");
    let verdicts;
    try {
      const endings = all.attempts.map((attempt) => attempt.ending(from));
      const pause = new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
      const resumed = pause.then(() => process.kill(daemon.pid, "SIGCONT"));
      [verdicts] = await Promise.all([Promise.all(endings), resumed]);
    } finally {
      // Twice does no harm, and a daemon that is stopped does not end.
      process.kill(daemon.pid, "SIGCONT");
    }
    await Promise.all(all.attempts.map((attempt) => attempt.aftermath()));
    return verdicts;
  },
};

/** The groups. */
export const DAEMON_FAULTS: readonly Group[] = [KILLED, PAUSED];
