/** One build at each stage, side by side. */
import { type Attempt, type AttemptOptions, bring } from "./attempt.ts";
import { type Grounds, type Stage, STAGES } from "./fault.ts";
import { Gate } from "./gate.ts";

/** The first to be held waits for the last: it must not wait for other sets, too, lest its builder give it up. */
const gate = new Gate(1);

/** Brings builds to all of `stages`. */
export function atAllStages(
  grounds: Grounds,
  options: AttemptOptions | ((stage: Stage) => AttemptOptions),
  stages: readonly Stage[] = STAGES,
): Promise<Attempts> {
  return gate.pass(() => bringAll(grounds, options, stages));
}

/** They end with the block. */
interface Attempts extends AsyncDisposable {
  readonly attempts: readonly Attempt[];
}

async function bringAll(
  grounds: Grounds,
  options: AttemptOptions | ((stage: Stage) => AttemptOptions),
  stages: readonly Stage[],
): Promise<Attempts> {
  const stack = new AsyncDisposableStack();
  const opened = await Promise.allSettled(
    stages.map(async (stage) => {
      const own = typeof options === "function" ? options(stage) : options;
      return stack.use(await bring(grounds, stage, own));
    }),
  );
  const failed = opened.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stack.disposeAsync();
    throw failed.reason;
  }
  const attempts = opened.map((result) => (result as PromiseFulfilledResult<Attempt>).value);
  return { attempts, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
