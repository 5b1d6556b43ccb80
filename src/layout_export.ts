/** An image that is written as an OCI layout: a folder of blobs with an index.json (client/solve.go, exporter/oci). */
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { ExportStore } from "./content/export_store.ts";
import { type IndexName, parseDescriptor, putEntry } from "./content/index_json.ts";
import { look } from "./content/look.ts";
import { FileError, ProtocolError } from "./errors.ts";
import type { Exports } from "./exports.ts";
import { isLayout, type PlannedOutput } from "./outputs.ts";
import type { OutputResult } from "./types.ts";

/** The one id that exporters write to. */
const STORE_ID = "export";

/** Adds the layout among `planned` to the exports. Throws a `FileError` if its folder is something else. */
export function withLayout(exports: Exports, planned: readonly PlannedOutput[]): Exports {
  const position = planned.findIndex(({ output }) => isLayout(output));
  const layout = new LayoutExport(planned[position]!);
  return {
    handlers: () => exports.handlers(),
    stores: new Map([[STORE_ID, layout.content.store]]),
    get failure() {
      return exports.failure;
    },
    async commit(response) {
      const results = await exports.commit(response);
      results[position] = await layout.commit(response);
      return results;
    },
    async discard(reason) {
      await exports.discard(reason);
      await layout.content.discard();
    },
  };
}

class LayoutExport {
  readonly content: ExportStore;
  readonly #planned: PlannedOutput;
  readonly #folder: string;

  constructor(planned: PlannedOutput) {
    if (!isLayout(planned.output)) throw new TypeError("not an OCI layout");
    const { dest } = planned.output;
    this.#planned = planned;
    this.#folder = dest instanceof URL ? fileURLToPath(dest) : dest;
    if (look(this.#folder) === "other") {
      const problem = `Cannot write ${this.#folder}: it is not a folder`;
      throw new FileError("FILE_UNWRITABLE", this.#folder, problem);
    }
    this.content = new ExportStore(this.#folder);
  }

  /** Enters the image into the index; until then nobody sees it. */
  async commit(response: ReadonlyMap<string, string>): Promise<OutputResult> {
    const text = response.get("containerimage.descriptor") ?? "";
    const described = parse(Buffer.from(text, "base64").toString());
    const root = described && await this.content.root(described);
    if (root === undefined) {
      throw new ProtocolError(
        `The build ended, but the builder did not write the whole image to ${this.#folder}`,
      );
    }
    await putEntry(this.#folder, root, this.#names(response));
    const { type } = this.#planned.output;
    return { type, dest: this.#folder, bytes: this.content.bytes, layout: true };
  }

  #names(response: ReadonlyMap<string, string>): IndexName[] {
    const own = this.#planned.exporter?.attrs.get("name");
    // Only the daemon knows what the frontend calls it.
    const names = own === undefined || own.includes("*") ? response.get("image.name") : own;
    return names ? names.split(",").map((name) => ({ name })) : [{ tag: "latest" }];
  }
}

function parse(text: string): ReturnType<typeof parseDescriptor> {
  try {
    return parseDescriptor(JSON.parse(text));
  } catch (error) {
    // Described by nothing, or by something else.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
