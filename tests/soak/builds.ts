/** The builds of the soak: small ones of every kind, over and over in one process. */
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { CanceledError } from "../../src/errors.ts";
import { openBuilder, type SharedBuilder } from "../../src/shared_builder.ts";
import type { BuildOptions } from "../../src/types.ts";

/** What they build with. */
export interface Setting {
  readonly address: string;
  readonly baseImage: string;
  /** Read and written. */
  readonly folder: string;
}

/** One build, by `build()` or a shared builder's; throws if it does not end as it must. */
type Kind = (start: SharedBuilder["build"], setting: Setting, number: number) => Promise<void>;

const COPY = "FROM scratch\nCOPY . /\n";

const KINDS: readonly Kind[] = [
  // A folder.
  async (start, { folder }) => void await start({ context: join(folder, "context") }),
  // Files in memory that no build had before, and events.
  async (start, _, number) => {
    const context = { "number.txt": String(number) };
    for await (const event of start({ context, dockerfile: COPY })) void event;
  },
  // A result in a folder.
  async (start, { folder }, number) => {
    const output = { type: "local", dest: join(folder, `out${number % 4}`) } as const;
    await start({ context: { "a.txt": "a" }, dockerfile: COPY, output });
  },
  // A result in a stream.
  async (start) => {
    const output = { type: "oci", dest: new WritableStream<Uint8Array>() } as const;
    await start({ context: { "a.txt": "a" }, dockerfile: COPY, output });
  },
  // A secret that a step prints.
  async (start, { baseImage }, number) => {
    const run = `RUN --mount=type=secret,id=token : ${number % 50}; cat /run/secrets/token`;
    await start({ dockerfile: `FROM ${baseImage}\n${run}\n`, secrets: { token: "hunter22" } });
  },
  // A report.
  async (start, { folder }) => {
    const report = join(folder, "report.html");
    await start({ context: { "a.txt": "a" }, dockerfile: COPY, report });
  },
  // One that fails.
  (start, _, number) =>
    mustFail(
      start({ dockerfile: `FROM scratch\nCOPY missing${number} /\n`, context: {} }),
      BuildError,
    ),
  // One that is canceled, if it is not done before that.
  async (start, _, number) => {
    const building = start({ context: { "number.txt": `c${number}` }, dockerfile: COPY });
    for await (const _event of building) break;
    await building.catch((error) => {
      if (!(error instanceof CanceledError)) throw error;
    });
  },
];

async function mustFail(
  building: PromiseLike<unknown>,
  how: new (...args: never[]) => Error,
): Promise<void> {
  try {
    await building;
  } catch (error) {
    if (error instanceof how) return;
    throw error;
  }
  throw new Error("A build succeeded that must not");
}

/** Builds in a row share a connection as often as they have one of their own. */
const ROW = 20;

/** Does the builds from number `from` on, four at a time where they share a connection. */
export async function buildMany(setting: Setting, from: number, count: number): Promise<void> {
  for (let first = from; first < from + count; first += ROW) {
    const numbers = Array.from(
      { length: Math.min(ROW, from + count - first) },
      (_, i) => first + i,
    );
    if (Math.floor(first / ROW) % 2 === 0) await apart(setting, numbers);
    else await shared(setting, numbers);
  }
}

async function apart(setting: Setting, numbers: readonly number[]): Promise<void> {
  const { address } = setting;
  const start = (options: Omit<BuildOptions, "address" | "tls"> = {}) =>
    build({ ...options, address });
  for (const number of numbers) await KINDS[number % KINDS.length]!(start, setting, number);
}

async function shared(setting: Setting, numbers: readonly number[]): Promise<void> {
  const builder = await openBuilder({ address: setting.address });
  const left = [...numbers];
  const worker = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      const start: SharedBuilder["build"] = (options) => builder.build(options);
      await KINDS[number % KINDS.length]!(start, setting, number);
    }
  };
  try {
    await Promise.all([worker(), worker(), worker(), worker()]);
  } finally {
    await builder.close();
  }
}
