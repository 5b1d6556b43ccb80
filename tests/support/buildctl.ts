/** Go's own client, to compare with and to check daemons by. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, run } from "./process.ts";
import { tempFolder } from "./temp_folder.ts";

/** How a `buildctl build` ended. */
export interface BuildctlResult extends Finished {
  /** The image's digest, where an image was made. */
  readonly digest: string | undefined;
}

/** `buildctl` for one daemon. */
export class Buildctl {
  readonly #program: string;
  readonly #address: string;

  constructor(program: string, address: string) {
    this.#program = program;
    this.#address = address;
  }

  /** Runs any subcommand. */
  run(...args: string[]): Promise<Finished> {
    return run(this.#program, ["--addr", this.#address, ...args]);
  }

  /** Runs `buildctl build` and reads the digest from its metadata file. */
  async build(...args: string[]): Promise<BuildctlResult> {
    await using folder = tempFolder();
    const metadataFile = join(folder.path, "metadata.json");
    const finished = await this.run("build", "--metadata-file", metadataFile, ...args);
    if (finished.code !== 0) return { ...finished, digest: undefined };
    const metadata = JSON.parse(readFileSync(metadataFile, "utf8")) as Record<string, unknown>;
    const digest = metadata["containerimage.digest"];
    return { ...finished, digest: typeof digest === "string" ? digest : undefined };
  }

  /** Whether the daemon answers. */
  async ping(): Promise<boolean> {
    return (await this.run("--timeout", "5", "debug", "workers")).code === 0;
  }
}
