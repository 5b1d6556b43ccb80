/** The daemon's access to stores of blobs on this side (session/content/attachable.go, containerd contentserver). */
import { type Digest, parseDigest } from "../content/digest.ts";
import type { BlobInfo, BlobWriter, ContentStore, IngestStatus } from "../content/store.ts";
import {
  Content,
  type Info,
  ReadContentRequest,
  ReadContentResponse,
  type Status,
  WriteAction,
  WriteContentRequest,
  WriteContentResponse,
} from "../gen/content.ts";
import type { Handlers, ServerCall } from "../rpc/call.ts";
import { envelope } from "../rpc/envelope.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { onlyMessage, unary } from "../rpc/unary.ts";

const STORE_ID = "buildkit-attachable-store-id";

/** Entries of one message of a listing. */
const PAGE = 100;

/** Serves stores by their ids. */
export function contentHandlers(stores: ReadonlyMap<string, ContentStore>): Handlers {
  const choose = (call: ServerCall) => chooseStore(stores, call);
  return {
    [Content.info.path]: unary(Content.info, async ({ digest }, call) => {
      return { info: encodeInfo(await existing(choose(call), digest)) };
    }),
    [Content.update.path]: unary(Content.update, (_request, call) => {
      choose(call);
      // Nothing but labels could be updated, and a folder has none (containerd without a label store).
      throw new RpcError(StatusCode.FAILED_PRECONDITION, "blobs of this store cannot be updated");
    }),
    [Content.list.path]: (call) => list(choose(call), call),
    [Content.delete.path]: unary(Content.delete, async ({ digest }, call) => {
      const store = choose(call);
      if (!store.deletable) throw denied("blobs of this store cannot be deleted");
      if (!await store.delete(checkDigest(digest))) throw noBlob(store, digest);
      return {};
    }),
    [Content.read.path]: (call) => read(choose(call), call),
    [Content.status.path]: unary(Content.status, async ({ ref }, call) => {
      const status = await choose(call).status(ref);
      if (status === undefined) throw noIngest(ref);
      return { status: encodeStatus(status) };
    }),
    [Content.listStatuses.path]: unary(Content.listStatuses, async ({ filters }, call) => {
      refuseFilters(filters);
      return { statuses: (await choose(call).statuses()).map(encodeStatus) };
    }),
    [Content.write.path]: (call) => write(choose(call), call),
    [Content.abort.path]: unary(Content.abort, async ({ ref }, call) => {
      const store = choose(call);
      if (!store.writable) throw denied("this store is read-only");
      if (!await store.abort(ref)) throw noIngest(ref);
      return {};
    }),
  };
}

function chooseStore(stores: ReadonlyMap<string, ContentStore>, call: ServerCall): ContentStore {
  const id = call.metadata.get(STORE_ID);
  if (id === undefined) {
    throw new RpcError(StatusCode.INVALID_ARGUMENT, `the call has no metadata "${STORE_ID}"`);
  }
  const store = stores.get(id);
  if (store === undefined) {
    throw new Refusal(StatusCode.NOT_FOUND, `the store ${quoted(id)}`, `unknown store ${id}`);
  }
  return store;
}

async function list(store: ContentStore, call: ServerCall): Promise<void> {
  refuseFilters(Content.list.request.decode(await onlyMessage(call)).filters);
  let page: Info[] = [];
  const send = async () => {
    if (page.length > 0) await call.write(envelope(Content.list.response.encode({ info: page })));
    page = [];
  };
  for await (const info of store.list()) {
    page.push(encodeInfo(info));
    if (page.length === PAGE) await send();
  }
  await send();
}

/** The daemon asks for ranges, and breaks the call off when it has enough. */
async function read(store: ContentStore, call: ServerCall): Promise<void> {
  const request = ReadContentRequest.decode(await onlyMessage(call));
  const { digest, size } = await existing(store, request.digest);
  const offset = Math.max(0, Number(request.offset));
  if (offset > size) {
    throw new RpcError(StatusCode.OUT_OF_RANGE, `${digest} has only ${size} bytes`);
  }
  const asked = Number(request.size);
  const length = asked > 0 ? Math.min(asked, size - offset) : size - offset;
  let sent = 0;
  for await (const data of store.read(digest, { offset, length })) {
    await call.write(envelope(ReadContentResponse.encode({ offset: BigInt(sent), data })));
    sent += data.length;
  }
}

/** Lock-step: each request is answered before the next one comes. */
async function write(store: ContentStore, call: ServerCall): Promise<void> {
  if (!store.writable) throw denied("this store is read-only");
  let ingest: Ingest | undefined;
  try {
    for await (const batch of call.batches) {
      for (const message of batch) {
        const request = WriteContentRequest.decode(message);
        ingest ??= await beginIngest(store, request);
        const answer = await advance(store, ingest, request);
        await call.write(envelope(WriteContentResponse.encode(answer)));
        if (request.action === WriteAction.COMMIT) return;
      }
    }
  } finally {
    await ingest?.writer.close();
  }
}

/** A blob that the daemon is writing. */
interface Ingest {
  readonly ref: string;
  readonly writer: BlobWriter;
  total: number;
  expected: Digest | undefined;
}

async function beginIngest(store: ContentStore, request: WriteContentRequest): Promise<Ingest> {
  const { ref } = request;
  if (ref === "") {
    throw new RpcError(StatusCode.INVALID_ARGUMENT, "the first message of a blob has no ref");
  }
  const expected = expectedDigest(request);
  const total = Number(request.total);
  return { ref, total, expected, writer: await store.openWriter(ref, { total, expected }) };
}

async function advance(
  store: ContentStore,
  ingest: Ingest,
  request: WriteContentRequest,
): Promise<Partial<WriteContentResponse>> {
  const { writer, ref } = ingest;
  const { action } = request;
  ingest.expected = expectedDigest(request) ?? ingest.expected;
  if (request.total > 0n) ingest.total = Number(request.total);
  if (request.expected !== "" && await store.info(ingest.expected!) !== undefined) {
    await writer.close();
    await store.abort(ref);
    throw new RpcError(StatusCode.ALREADY_EXISTS, `blob ${ingest.expected} exists`);
  }
  if (action === WriteAction.STAT) {
    const { startedAt, updatedAt } = writer;
    return { action, ...progress(ingest), startedAt, updatedAt, digest: writer.digest() };
  }
  await append(writer, request);
  if (action !== WriteAction.COMMIT) return { action, ...progress(ingest) };
  const digest = await writer.commit(ingest.total, ingest.expected);
  return { action, ...progress(ingest), digest };
}

/** An offset says where the data belongs; 0, which is also none, begins again. */
async function append(
  writer: BlobWriter,
  { offset, data }: WriteContentRequest,
): Promise<void> {
  const at = Number(offset);
  if (at !== writer.offset) {
    if (at !== 0) {
      throw new RpcError(
        StatusCode.OUT_OF_RANGE,
        `data for offset ${at} came at offset ${writer.offset}`,
      );
    }
    await writer.truncate();
  }
  if (data.length > 0) await writer.write(data);
}

function progress({ writer, total }: Ingest): { offset: bigint; total: bigint } {
  return { offset: BigInt(writer.offset), total: BigInt(total) };
}

function expectedDigest({ expected }: WriteContentRequest): Digest | undefined {
  return expected === "" ? undefined : checkDigest(expected);
}

async function existing(store: ContentStore, text: string): Promise<BlobInfo> {
  const info = await store.info(checkDigest(text));
  if (info === undefined) throw noBlob(store, text);
  return info;
}

function checkDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest !== undefined) return digest;
  const problem = `${quoted(text)} is not a digest`;
  throw new Refusal(StatusCode.INVALID_ARGUMENT, `the blob ${quoted(text)}`, problem);
}

function refuseFilters(filters: readonly string[]): void {
  if (filters.length === 0) return;
  throw new RpcError(StatusCode.UNIMPLEMENTED, "filters are not supported");
}

function noBlob({ label }: ContentStore, digest: string): RpcError {
  return new RpcError(StatusCode.NOT_FOUND, `blob ${digest} not found in ${label}`);
}

function noIngest(ref: string): RpcError {
  return new RpcError(StatusCode.NOT_FOUND, `nothing is written as ${ref}`);
}

function denied(message: string): RpcError {
  return new Refusal(StatusCode.PERMISSION_DENIED, `changes to blobs (${message})`, message);
}

function encodeInfo({ digest, size, createdAt, updatedAt }: BlobInfo): Info {
  return { digest, size: BigInt(size), createdAt, updatedAt, labels: new Map() };
}

function encodeStatus({ ref, offset, total, startedAt, updatedAt }: IngestStatus): Status {
  const sizes = { offset: BigInt(offset), total: BigInt(total) };
  return { ref, ...sizes, startedAt, updatedAt, expected: "" };
}
