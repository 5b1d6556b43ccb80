/**
 * The state of one build as its status stream tells it, fit to be shown. All displays share it.
 *
 * Source: BuildKit solver/progress.go (what is sent), protocol notes on repeated, re-run and grouped vertices.
 */
import type {
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "../gen/control.ts";
import { toSeconds } from "./format.ts";
import { type Interval, mergeIntervals } from "./intervals.ts";
import { StepLog } from "./step_log.ts";
import { warningKey } from "./warning.ts";

/** One line of the display: a vertex, or all vertices of a progress group. */
export interface Step {
  /** Of the vertex or group, as the daemon gave it. */
  name: string;
  /** All of it came from the cache. */
  cached: boolean;
  /** Text of the first error, else empty. */
  error: string;
  /** When it ran: in order, overlaps merged. Empty before its first start. Times are nanoseconds. */
  runs: readonly Interval[];
  /** False for a group until one of its strong members has started. */
  visible: boolean;
  /** Parts of its work by id, in order of first start. */
  readonly statuses: Map<string, VertexStatus>;
  readonly warnings: VertexWarning[];
  readonly log: StepLog;
  /** Grows with every change that is worth showing. */
  revision: number;
  readonly members: Map<string, Member>;
}

/** A vertex of a step. */
export interface Member {
  vertex: Vertex;
  /** Its runs by start; the value is the end, if there is one. */
  readonly runs: Map<bigint, bigint | undefined>;
}

/** Everything known of one build. */
export interface ProgressState {
  /** In order of appearance. */
  readonly steps: Set<Step>;
  /** Those that have started, in order of first start. */
  readonly started: Set<Step>;
  /** The step of each vertex, by digest. */
  readonly byVertex: Map<string, Step>;
  readonly byGroup: Map<string, Step>;
  readonly seenWarnings: Set<string>;
}

/**
 * What is kept of a build at most. Real builds stay far below; a daemon that makes things up must cost neither memory nor,
 * where things are put together again with each message, time.
 */
const MOST = {
  steps: 20_000,
  nameLength: 4_096,
  members: 250,
  runs: 1_000,
  statuses: 10_000,
  warnings: 10_000,
} as const;

/** The state before the first message. */
export function initialState(): ProgressState {
  return {
    steps: new Set(),
    started: new Set(),
    byVertex: new Map(),
    byGroup: new Map(),
    seenWarnings: new Set(),
  };
}

/**
 * The state after one more message. Nothing but the two arguments goes in; for speed the given state is changed and
 * returned, not copied. Messages must come in the stream's order; repeated ones do no harm, but for logs.
 */
export function reduce(state: ProgressState, status: StatusResponse): ProgressState {
  addVertices(state, status.vertexes);
  for (const item of status.statuses) addStatus(state, item);
  for (const warning of status.warnings) addWarning(state, warning);
  for (const log of status.logs) addLog(state, log);
  return state;
}

/** Whether the step has begun. */
export function hasStarted(step: Step): boolean {
  return step.runs.length > 0;
}

/** Whether the step has begun and goes on. */
export function isRunning(step: Step): boolean {
  const last = step.runs.at(-1);
  return last !== undefined && last.completed === undefined;
}

/** When the step ended; undefined before its start and while it goes on. */
export function completedAt(step: Step): bigint | undefined {
  return step.runs.at(-1)?.completed;
}

/** Each step that is concerned is derived anew once, however many of its members a message has. */
function addVertices(state: ProgressState, vertices: readonly Vertex[]): void {
  const changed = new Set<Step>();
  for (const vertex of vertices) {
    const step = addVertex(state, vertex);
    if (step !== undefined) changed.add(step);
  }
  for (const step of changed) {
    refresh(step);
    if (step.visible && hasStarted(step)) state.started.add(step);
  }
}

function addVertex(state: ProgressState, vertex: Vertex): Step | undefined {
  const step = stepOf(state, vertex);
  if (step === undefined) return undefined;
  vertex = { ...vertex, name: vertex.name.slice(0, MOST.nameLength), inputs: [] };
  let member = step.members.get(vertex.digest);
  if (member === undefined) {
    member = { vertex, runs: new Map() };
    step.members.set(vertex.digest, member);
  } else if (vertex.started !== undefined || member.vertex.started === undefined) {
    // A late announcement of a vertex that runs already must not undo its state.
    member.vertex = vertex;
  }
  if (vertex.started !== undefined) {
    const known = member.runs.size < MOST.runs || member.runs.has(vertex.started);
    if (known) member.runs.set(vertex.started, vertex.completed);
  }
  return step;
}

/** The step that a vertex is shown as; undefined if there are too many. */
function stepOf(state: ProgressState, vertex: Vertex): Step | undefined {
  const known = state.byVertex.get(vertex.digest);
  if (known !== undefined) return known;
  if (state.byVertex.size >= MOST.steps) return undefined;
  const group = vertex.progressGroup;
  let step = group === undefined ? undefined : state.byGroup.get(group.id);
  if (step === undefined || step.members.size >= MOST.members) {
    step = newStep((group?.name ?? vertex.name).slice(0, MOST.nameLength));
    state.steps.add(step);
    if (group !== undefined) state.byGroup.set(group.id, step);
  }
  state.byVertex.set(vertex.digest, step);
  return step;
}

function newStep(name: string): Step {
  return {
    name,
    cached: false,
    error: "",
    runs: [],
    visible: false,
    statuses: new Map(),
    warnings: [],
    log: new StepLog(),
    revision: 0,
    members: new Map(),
  };
}

/** Derives the step from its members. */
function refresh(step: Step): void {
  const before = fingerprint(step);
  const members = [...step.members.values()];
  const vertices = members.map((member) => member.vertex);
  const group = vertices[0]!.progressGroup;
  const intervals = members.flatMap(({ runs }) =>
    Array.from(runs, ([started, completed]) => ({ started, completed }))
  );
  step.name = (group?.name ?? vertices[0]!.name).slice(0, MOST.nameLength);
  step.cached = vertices.every((vertex) => vertex.cached);
  step.error = vertices.find((vertex) => vertex.error !== "")?.error ?? "";
  step.runs = mergeIntervals(intervals);
  step.visible = vertices.some(({ progressGroup, started, error }) =>
    progressGroup === undefined || error !== "" || (!progressGroup.weak && started !== undefined)
  );
  if (hasStarted(step) && fingerprint(step) !== before) step.revision++;
}

function fingerprint({ name, cached, error, visible, runs }: Step): string {
  const times = runs.map((run) => `${run.started}-${run.completed ?? ""}`);
  return [name, cached, error, visible, ...times].join("\0");
}

function addStatus(state: ProgressState, status: VertexStatus): void {
  const step = state.byVertex.get(status.vertex);
  // The daemon may tell of the work of vertices that it never announces; there is nothing to show it under.
  if (step === undefined) return;
  const before = step.statuses.get(status.id);
  if (before === undefined && step.statuses.size >= MOST.statuses) return;
  if (before === undefined ? status.started === undefined : isSame(before, status)) return;
  step.statuses.set(status.id, status);
  step.revision++;
}

/** Time passing is no news for a part that has ended. */
function isSame(before: VertexStatus, { completed, current, total }: VertexStatus): boolean {
  return completed !== undefined && completed === before.completed &&
    current === before.current && total === before.total;
}

function addWarning(state: ProgressState, warning: VertexWarning): void {
  const step = state.byVertex.get(warning.vertex);
  const key = warningKey(warning);
  if (step === undefined || state.seenWarnings.has(key)) return;
  if (state.seenWarnings.size >= MOST.warnings) return;
  state.seenWarnings.add(key);
  step.warnings.push(warning);
  step.revision++;
}

function addLog(state: ProgressState, { vertex, stream, msg, timestamp }: VertexLog): void {
  let step = state.byVertex.get(vertex);
  if (step === undefined) {
    // Not expected, but output is never thrown away.
    addVertices(state, [unknownVertex(vertex, timestamp)]);
    step = state.byVertex.get(vertex);
    if (step === undefined) return;
  }
  const began = step.runs.at(-1)?.started;
  const seconds = began === undefined || timestamp === undefined ? 0 : toSeconds(timestamp - began);
  step.log.write(msg, Number(stream), Math.max(0, seconds));
  step.revision++;
}

function unknownVertex(digest: string, started: bigint | undefined): Vertex {
  return { digest, name: digest, inputs: [], cached: false, error: "", started };
}
