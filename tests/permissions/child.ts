/** One build under the flags of a row: prints how it ended as a line of JSON. Its argument is the build's options as JSON. */
import { build, type BuildOptions } from "../../mod.ts";

/** What the argument says. */
export interface Child {
  readonly options: BuildOptions;
  /** Take the result as a stream of this type. */
  readonly stream?: "tar" | "oci";
}

/** How it ended. */
export type Ended = { ok: true; bytes: number; log: string } | {
  ok: false;
  name: string;
  code: string;
  message: string;
};

if (import.meta.main) console.log(JSON.stringify(await run(JSON.parse(Deno.args[0]!) as Child)));

async function run({ options, stream }: Child): Promise<Ended> {
  let bytes = 0;
  let log = "";
  const dest = new WritableStream<Uint8Array>({ write: ({ length }) => void (bytes += length) });
  try {
    const building = build(
      stream === undefined ? options : { ...options, output: { type: stream, dest } },
    );
    for await (const event of building) {
      if (event.type === "log") log += new TextDecoder().decode(event.data);
    }
    return { ok: true, bytes, log };
  } catch (error) {
    const { name, code = "NONE", message } = error as Error & { code?: string };
    return { ok: false, name, code, message };
  }
}
