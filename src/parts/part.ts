/** What one option of a build adds to its solve. */
import type { ContentStore } from "../content/store.ts";
import type { Environment } from "../environment.ts";
import type { FileTree } from "../files/tree.ts";
import type { GatewayAdditions, GatewayClient } from "../gateway/client.ts";
import type { SolveRequest } from "../gen/control.ts";
import type { SecretMask } from "../progress/mask/secret_mask.ts";
import type { Handlers } from "../rpc/call.ts";
import type { LocalSessions } from "../session/local_sessions.ts";
import type { BuilderInfo, BuildOptions, Logger, OutputResult } from "../types.ts";

/** Makes a part. Refuses bad input with an `OptionError`: nothing has been sent yet. */
export type MakePart = (options: BuildOptions, scope: PartScope) => Promise<BuildPart> | BuildPart;

/** What parts know besides the options. */
export interface PartScope {
  /** Looks environment variables up. */
  readonly env: Environment;
  readonly logger: Logger | undefined;
  readonly signal: AbortSignal;
}

/** The builder, as far as parts care. */
export interface PartBuilder extends BuilderInfo {
  /** Asks for BuildKit's version, for example `v0.34.2`; empty before v0.11. Undefined where there is no BuildKit. */
  version?(): Promise<string>;
  /** What the BuildKit in a Docker engine can do; undefined for others. */
  readonly engine?: {
    /** Whether images are kept in containerd's store, which can do more than Docker's old one. */
    readonly containerdStore: boolean;
    /** Labels of its workers. */
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** What an option adds. Everything may be left out. */
export interface BuildPart {
  /** Attributes for the frontend. */
  readonly attrs?: Readonly<Record<string, string>>;
  /** What the build may do beyond its sandbox. */
  readonly entitlements?: readonly string[];
  /** Other fields of the request; no two parts have the same. */
  readonly request?: Partial<SolveRequest>;
  /** Folders that the daemon may read, by their local names. */
  readonly trees?: ReadonlyMap<string, FileTree>;
  /** Stores of blobs that the daemon may use, by their ids in the session. */
  readonly stores?: ReadonlyMap<string, ContentStore>;
  /** Methods of the session; no two parts have the same. */
  readonly handlers?: Handlers;
  /** Keeps secrets out of what the daemon tells of the build; no two parts have one. */
  readonly mask?: SecretMask;
  /** Says no to builders that can't do it, with an `OptionError`; and adds what depends on the builder. */
  forBuilder?(builder: PartBuilder): Promise<BuildPart> | BuildPart | void;
  /** Before the daemon gets the first file of the build's folders; throws to refuse it. */
  beforeFiles?(): void;
  /** What has to be solved before, within the same build; the build then goes by the gateway. */
  prepare?(client: GatewayClient, sessions: LocalSessions): Promise<GatewayAdditions>;
  /** After a build that succeeded: outputs that were not known before. */
  outputs?(): readonly OutputResult[];
  /** After a build that succeeded: puts in place what came, with what the daemon answered. */
  commit?(response: ReadonlyMap<string, string>): Promise<void>;
  /** After one that did not: removes what is unfinished. */
  discard?(reason: unknown): Promise<void>;
}

/**
 * All parts as one.
 *
 * @throws {Error} if two parts serve the same method or set the same field of the request, which is a mistake of ours
 */
export function mergeParts(parts: readonly BuildPart[]): BuildPart {
  const all = <T>(pick: (part: BuildPart) => T | undefined): T[] =>
    parts.map(pick).filter((item) => item !== undefined);
  return {
    attrs: mergeAttrs(all(({ attrs }) => attrs)),
    entitlements: [...new Set(all(({ entitlements }) => entitlements).flat())],
    request: disjoint(all(({ request }) => request)),
    trees: new Map(all(({ trees }) => trees).flatMap((trees) => [...trees])),
    stores: new Map(all(({ stores }) => stores).flatMap((stores) => [...stores])),
    handlers: disjoint(all(({ handlers }) => handlers)),
    ...disjoint(all(({ mask }) => mask && { mask })),
    async forBuilder(builder) {
      const added: BuildPart[] = [];
      for (const part of parts) added.push(await part.forBuilder?.(builder) ?? {});
      return mergeParts(added);
    },
    beforeFiles() {
      for (const part of parts) part.beforeFiles?.();
    },
    ...prepareAll(all(({ prepare }) => prepare)),
    outputs: () => all((part) => part.outputs?.()).flat(),
    async commit(response) {
      for (const part of parts) await part.commit?.(response);
    },
    async discard(reason) {
      for (const part of parts) await part.discard?.(reason);
    },
  };
}

/** None if no part has any. */
function prepareAll(
  list: ReadonlyArray<NonNullable<BuildPart["prepare"]>>,
): Pick<BuildPart, "prepare"> {
  if (list.length === 0) return {};
  return {
    async prepare(client, sessions) {
      const added = await Promise.all(list.map((prepare) => prepare(client, sessions)));
      return {
        attrs: Object.assign({}, ...added.map(({ attrs }) => attrs)),
        inputs: Object.assign({}, ...added.map(({ inputs }) => inputs)),
      };
    },
  };
}

/** What a frontend must be able to do is the one list that several parts add to. */
const CAPS = "frontend.caps";

function mergeAttrs(items: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const caps = new Set(items.flatMap((attrs) => attrs[CAPS]?.split(",") ?? []));
  return Object.assign({}, ...items, caps.size > 0 && { [CAPS]: [...caps].join(",") });
}

function disjoint<T extends object>(items: readonly T[]): T {
  const result = Object.assign({}, ...items);
  const count = items.reduce((sum, item) => sum + Object.keys(item).length, 0);
  if (Object.keys(result).length === count) return result;
  throw new Error(`Parts of a build overlap: ${items.flatMap(Object.keys).sort().join(", ")}`);
}
