/**
 * Builds as a file that Docker Desktop imports: `.dockerbuild`, a compressed archive of an OCI layout, where each build is a
 * manifest whose config is the record (buildx util/desktop/bundle).
 */
import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { padding, tarEnd, tarHeader } from "../files/tar.ts";
import { Content } from "../gen/content.ts";
import type { BuildHistoryRecord, BuildResultInfo, Descriptor } from "../gen/control.ts";
import { readBlob } from "../history.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { findBuild } from "./find_build.ts";
import { goJson, recordJson, withoutSecrets } from "./record_json.ts";
import { withTrace } from "./trace.ts";
import { listWorkers } from "./workers.ts";

/** Options of {@linkcode BuildKitClient.exportBuild}. */
export interface ExportBuildOptions extends CallOptions {
  /** Wait for the trace of a build that has just ended. @default false */
  finalize?: boolean;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const RECORD = "application/vnd.buildkit.historyrecord.v0";
const encoder = new TextEncoder();

/** A descriptor as OCI's JSON has it. */
interface OciDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A file of the archive; content that is not here is read from the daemon's store. */
interface Entry {
  readonly path: string;
  readonly size: number;
  readonly content: Uint8Array | undefined;
  readonly digest?: string;
}

/** The bundle's bytes. What is wrong with a ref shows before the first of them. */
export async function* exportBuilds(
  caller: Caller,
  refs: readonly string[],
  { finalize = false, ...options }: ExportBuildOptions = {},
): AsyncGenerator<Uint8Array> {
  const bundle = new Bundle(caller, options);
  const builds: OciDescriptor[] = [];
  const [worker] = await listWorkers(caller, [], options);
  for (const ref of refs) {
    const found = await findBuild(caller, ref, { ...options, completedOnly: true });
    const record = finalize ? await withTrace(caller, found, options) : found;
    const build = await bundle.addBuild(record, worker?.platforms[0] ?? "");
    const annotations = { "vnd.buildkit.history.reference": record.ref };
    builds.push(refs.length === 1 ? build : { ...build, annotations });
  }
  const [only] = builds;
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: builds };
  bundle.finish(builds.length === 1 ? only! : bundle.addJson(INDEX, index));
  const gzip = createGzip();
  // What fails is seen by whoever reads the compressed end.
  pipeline(Readable.from(bundle.tar()), gzip, () => {});
  yield* gzip as AsyncIterable<Uint8Array>;
}

class Bundle {
  readonly #caller: Caller;
  readonly #options: CallOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(caller: Caller, options: CallOptions) {
    this.#caller = caller;
    this.#options = options;
  }

  /** Adds a build with all that belongs to it. */
  async addBuild(found: BuildHistoryRecord, platform: string): Promise<OciDescriptor> {
    const layers = new Map<string, OciDescriptor>();
    const record = { ...found };
    if (record.trace !== undefined) {
      record.trace = await this.#cleanTrace(record.trace);
      layers.set(record.trace.digest, toOci(record.trace));
    }
    const config = this.addJson(RECORD, recordJson(record, platform));
    const { logs, result, externalError, results } = record;
    const add = (blob: OciDescriptor) => {
      if (!layers.has(blob.digest)) layers.set(blob.digest, this.#addStored(blob));
    };
    if (logs !== undefined) add(toOci(logs));
    if (result !== undefined) partsOf(result).forEach(add);
    if (externalError !== undefined) add(toOci(externalError));
    for (const [, info] of [...results].sort(byKey)) partsOf(info).forEach(add);
    const manifest = {
      ...{ schemaVersion: 2, mediaType: MANIFEST, config },
      layers: layers.size === 0 ? null : [...layers.values()],
    };
    return this.addJson(MANIFEST, manifest);
  }

  /** Adds JSON as a blob. */
  addJson(mediaType: string, value: unknown): OciDescriptor {
    return this.#addBytes(mediaType, encoder.encode(goJson(value, 2)));
  }

  /** Names what the archive is about, and what kind of archive it is. */
  finish(root: OciDescriptor): void {
    const index = goJson({ schemaVersion: 2, mediaType: INDEX, manifests: [root] });
    const files = { "index.json": index, "oci-layout": '{"imageLayoutVersion":"1.0.0"}' };
    for (const [path, text] of Object.entries(files)) {
      const content = encoder.encode(text);
      this.#entries.set(path, { path, size: content.length, content });
    }
  }

  /** The archive, uncompressed, its entries by name. */
  async *tar(): AsyncGenerator<Uint8Array> {
    for (const path of ["blobs", "blobs/sha256"]) yield header(path, DIRECTORY, 0);
    for (const [path, entry] of [...this.#entries].sort(byKey)) {
      yield header(path, path === "index.json" ? 0o644 : 0o444, entry.size);
      if (entry.content === undefined) yield* this.#read(entry.digest!);
      else yield entry.content;
      yield padding(entry.size);
    }
    yield tarEnd();
  }

  async *#read(digest: string): AsyncGenerator<Uint8Array> {
    const parts = this.#caller.stream(Content.read, { digest }, this.#options);
    for await (const { data } of parts) yield data;
  }

  #addBytes(mediaType: string, content: Uint8Array): OciDescriptor {
    const hex = createHash("sha256").update(content).digest("hex");
    const path = `blobs/sha256/${hex}`;
    this.#entries.set(path, { path, size: content.length, content });
    return { mediaType, digest: `sha256:${hex}`, size: content.length };
  }

  #addStored(blob: OciDescriptor): OciDescriptor {
    const { digest, size } = blob;
    const path = `blobs/${digest.replace(":", "/")}`;
    if (!this.#entries.has(path)) {
      this.#entries.set(path, { path, size, digest, content: undefined });
    }
    return blob;
  }

  /** The trace without the secrets that commands may have in them. */
  async #cleanTrace({ digest, mediaType }: Descriptor): Promise<Descriptor> {
    const text = new TextDecoder().decode(await readBlob(this.#caller, digest, this.#options));
    const clean = this.#addBytes(mediaType, encoder.encode(withoutSecrets(text)));
    return { mediaType, digest: clean.digest, size: BigInt(clean.size), annotations: new Map() };
  }
}

/** Go's bit for directories, and their permissions. */
const DIRECTORY = 2 ** 31 + 0o755;

function header(path: string, mode: number, size: number): Uint8Array {
  return tarHeader({ path, mode, size, modTime: 0n, linkname: "", devmajor: 0, devminor: 0 });
}

/** Images are named as JSON, so that whoever reads the layout does not look for their layers. */
function partsOf({ attestations, results }: BuildResultInfo): OciDescriptor[] {
  const images = [...results].sort(byKey).map(([, blob]) => {
    const { annotations, mediaType, ...rest } = toOci(blob);
    const all = { ...annotations, "vnd.export-build.descriptor.mediatype": mediaType };
    const sorted = Object.fromEntries(Object.entries(all).sort(byKey));
    return { mediaType: "application/json", ...rest, annotations: sorted };
  });
  return [...attestations.map(toOci), ...images];
}

function toOci({ mediaType, digest, size, annotations }: Descriptor): OciDescriptor {
  return {
    ...{ mediaType, digest, size: Number(size) },
    ...(annotations.size > 0 && { annotations: Object.fromEntries([...annotations].sort(byKey)) }),
  };
}

function byKey([a]: readonly [string | bigint, unknown], [b]: readonly [string | bigint, unknown]) {
  return a < b ? -1 : 1;
}
