import { daemonTest } from "../support/env.ts";
import { byLength, GROUPS, runGroup } from "./all.ts";

// Most of it is waiting: all at once. Nothing may be left open when the last one is through.
daemonTest("faults at every stage of a build", async (grounds, context) => {
  const unwatched = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
  const steps = byLength(GROUPS).map(async (group) => {
    const ignore = await group.possible?.() === false;
    const fn = async () => void await runGroup(group, grounds);
    return await context.step({ name: group.name, ignore, fn, ...unwatched });
  });
  await Promise.all(steps);
});
