/** What others write and we read or show: configurations, JSON, output of builds, the status stream. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { FrameSplitter } from "../../src/docker/exec_frames.ts";
import { engineMessages } from "../../src/docker/json_stream.ts";
import { CredentialsError, ProtocolError } from "../../src/errors.ts";
import type { StatusResponse } from "../../src/gen/control.ts";
import { eventMapper } from "../../src/progress/events.ts";
import { eventFromJson, eventToJson } from "../../src/progress/json.ts";
import { PlainPainter } from "../../src/progress/plain.ts";
import { toRawJson } from "../../src/progress/rawjson.ts";
import { parseRawJson } from "../../src/progress/rawjson_parse.ts";
import { safeInline, safeLine, safeLines, safeOpenLine } from "../../src/progress/safe_text.ts";
import { StepLog } from "../../src/progress/step_log.ts";
import { TtyPainter } from "../../src/progress/tty.ts";
import { DockerConfig, readDockerConfig } from "../../src/registry/docker_config.ts";
import { JsonSyntaxError, parseJson } from "../../src/registry/parse_json.ts";
import { parseToken, refusalDetail } from "../../src/registry/token_answer.ts";
import { markup } from "../../src/report/markup.ts";
import { at, FakeOutput, message, vertex } from "../progress/support.ts";
import { cutInPieces, CUTS, orRefused, property, REFUSED, textOf } from "./support.ts";

/** Must never be seen. */
const CANARY = "c4nary-s3cret";

const STORED = fc.oneof(
  fc.constantFrom(
    CANARY,
    btoa(`user:${CANARY}`),
    btoa(CANARY),
    `user:${CANARY}`,
    "",
    "====",
    null,
    1,
    true,
  ),
  fc.constantFrom([], {}, [CANARY], { auth: CANARY }),
);
const LOGIN = fc.oneof(
  STORED,
  fc.dictionary(
    fc.constantFrom("auth", "username", "password", "identitytoken", "registrytoken", "email"),
    STORED,
    { noNullPrototype: true },
  ),
);
const HOSTS = [
  "a.example",
  "a.example:5000",
  "https://a.example/v1/",
  "__proto__",
  "https://index.docker.io/v1/",
];
const CONFIG = fc.oneof(
  fc.record({
    auths: fc.oneof(
      STORED,
      fc.dictionary(fc.constantFrom(...HOSTS), LOGIN, { noNullPrototype: true }),
    ),
    // No helper is named: it would be run.
    credHelpers: fc.oneof(
      fc.constantFrom(null, 1, [], CANARY),
      fc.dictionary(fc.constantFrom(...HOSTS), fc.constantFrom("", null, 1, [CANARY])),
    ),
    proxies: fc.oneof(
      STORED,
      fc.dictionary(
        fc.constantFrom("default", "tcp://a"),
        fc.oneof(STORED, fc.dictionary(fc.constantFrom("httpProxy", "noProxy"), STORED)),
      ),
    ),
  }, { requiredKeys: [] }),
  STORED,
).map((value) => JSON.stringify(value));

const DAMAGED_CONFIG = fc.tuple(CONFIG, fc.nat(), textOf(["{", "}", '"', ",", "\\", "\n", "\0"], 2))
  .map(([text, place, more]) => {
    const index = place % (text.length + 1);
    return text.slice(0, index) + more + text.slice(index + 1);
  });

property(
  "DockerConfig finds logins or says what is wrong, and shows nothing of what it read",
  fc.oneof(CONFIG, DAMAGED_CONFIG),
  5_000,
  async (text) => {
    const { signal } = new AbortController();
    const env = (name: string) => name === "DOCKER_AUTH_CONFIG" ? text : undefined;
    const config = orCredentialsError(() => readDockerConfig(env));
    if (!(config instanceof DockerConfig)) return;
    orCredentialsError(() => config.proxies(["tcp://a"]));
    for (const key of HOSTS) {
      try {
        const found = await config.find(key, signal);
        assert(found === undefined || typeof found.password === "string");
      } catch (error) {
        checkCredentialsError(error);
      }
    }
  },
);

function orCredentialsError<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    checkCredentialsError(error);
    return undefined;
  }
}

function checkCredentialsError(error: unknown): void {
  assert(error instanceof CredentialsError, String(error));
  assert(!`${error.message}${error.cause}`.includes("c4nary"), error.message);
}

property(
  "parseJson() takes what JSON.parse takes, and refuses the rest without showing it",
  fc.oneof(
    CONFIG,
    DAMAGED_CONFIG,
    fc.json(),
    fc.string(),
    textOf(['"', "{", "}", "[", "]", ",", ":", "1", "-", "e", ".", " ", "\\u", "true"]),
  ),
  10_000,
  checkJson,
  {
    "brackets without end": "[".repeat(200_000),
    "braces without end": '{"a":'.repeat(200_000),
  },
);

function checkJson(text: string): void {
  const ours = orRefused(() => parseJson(text), JsonSyntaxError);
  const theirs = orRefused(() => JSON.parse(text), SyntaxError);
  assert.deepEqual(ours, theirs);
}

property(
  "parseToken() and refusalDetail() make something of any answer",
  fc.oneof(
    fc.json(),
    fc.string(),
    fc.dictionary(
      fc.constantFrom("token", "access_token", "expires_in", "issued_at", "errors", "details"),
      fc.oneof(fc.jsonValue(), fc.constantFrom(CANARY, -1, 1e300, "2020-01-01T00:00:00Z", "x")),
    ).map((value) => JSON.stringify(value)),
  ),
  5_000,
  (text) => {
    orRefused(() => parseToken(text, "a.example"), CredentialsError);
    assert(!refusalDetail(text, CANARY).includes(CANARY));
  },
);

/** Text as a hostile step prints it. */
const HOSTILE = textOf(
  [
    ...[
      "a",
      "b",
      " ",
      "\t",
      "\n",
      "\r",
      "\r\n",
      "é",
      "😀",
      "\u001b",
      "\u001b[",
      "\u009b",
      "31",
      "m",
      "2J",
      ";",
      "?25l",
    ],
    ...[
      "\u001b]",
      "\u009d",
      "52;c;x",
      "\u0007",
      "\u001b\\",
      "\u009c",
      "\u001bP",
      "\u0090",
      "\0",
      "\b",
      "\u007f",
      "\u202e",
    ],
    ...[
      "\u2028",
      "\u0085",
      "#1 DONE",
      "::error::",
      "\u001b(",
      "0",
      "\u001b[31m",
      "\u001b[0m",
      "\ud800",
    ],
  ],
  14,
);
/** What a terminal obeys; colours are left out. */
// deno-lint-ignore no-control-regex
const CONTROL_REGEXP = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
// deno-lint-ignore no-control-regex
const COLORS_REGEXP = /\u001b\[[0-9;:]*m/g;

property("safeLine() and its like let no control character out", HOSTILE, 20_000, (text) => {
  for (
    const safe of [
      safeLine(text, false),
      safeOpenLine(text, false),
      ...safeLines(text),
      safeInline(text),
    ]
  ) {
    assert.doesNotMatch(safe, CONTROL_REGEXP);
  }
  for (const safe of [safeLine(text, true), safeOpenLine(text, true)]) {
    assert.doesNotMatch(safe.replace(COLORS_REGEXP, ""), CONTROL_REGEXP);
  }
  assert.equal(safeLine(safeLine(text, false), false), safeLine(text, false));
});

property(
  "StepLog has the same lines however a step's output is cut",
  fc.record({ text: HOSTILE, more: fc.uint8Array({ maxLength: 6 }), cuts: CUTS }),
  10_000,
  ({ text, more, cuts }) => {
    const bytes = Buffer.concat([Buffer.from(text), more]);
    assert.deepEqual(linesOf(cutInPieces(bytes, cuts)), linesOf([bytes]));
  },
  {
    "a blank line's end cut in two": {
      text: "\r\na",
      more: new Uint8Array(),
      cuts: [1],
    },
    "a line's end cut in two": { text: "a\r\nb", more: new Uint8Array(), cuts: [2] },
  },
);

function linesOf(pieces: readonly Uint8Array[]): unknown {
  const log = new StepLog();
  for (const piece of pieces) log.write(piece, 1, 0);
  log.end();
  return [log.from(0), log.open, log.count];
}

const DIGEST = fc.constantFrom("sha256:a", "sha256:b", "", "\u001b[2J");
const TIME = fc.option(
  fc.oneof(
    fc.nat(100).map((seconds) => at(seconds)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ),
  { nil: undefined },
);
const NUMBER = fc.oneof(
  fc.bigInt({ min: 0n, max: 100n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const OURS = { noNullPrototype: true };

/** `undefined` is not written by us: what is absent has no field. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** JSON's numbers. */
const SAFE = fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n });

const statusOf = (number: fc.Arbitrary<bigint>): fc.Arbitrary<StatusResponse> =>
  fc.record({
    vertexes: fc.array(
      fc.record({
        digest: DIGEST,
        inputs: fc.array(DIGEST, { maxLength: 2 }),
        name: HOSTILE,
        cached: fc.boolean(),
        started: TIME,
        completed: TIME,
        error: fc.oneof(fc.constant(""), HOSTILE),
        progressGroup: fc.option(
          fc.record({ id: DIGEST, name: HOSTILE, weak: fc.boolean() }, OURS),
          {
            nil: undefined,
          },
        ),
      }, OURS).map(present),
      { maxLength: 3 },
    ),
    statuses: fc.array(
      fc.record({
        ...{ id: HOSTILE, vertex: DIGEST, name: HOSTILE, current: number, total: number },
        ...{ timestamp: TIME, started: TIME, completed: TIME },
      }, OURS).map(present),
      { maxLength: 2 },
    ),
    logs: fc.array(
      fc.record({
        vertex: DIGEST,
        timestamp: TIME,
        stream: fc.constantFrom(1n, 2n, 0n, -5n),
        msg: HOSTILE.map((text) => new Uint8Array(Buffer.from(text))),
      }, OURS).map(present),
      { maxLength: 3 },
    ),
    warnings: fc.array(
      fc.record({
        vertex: DIGEST,
        level: number,
        short: HOSTILE.map((text) => new Uint8Array(Buffer.from(text))),
        detail: fc.array(HOSTILE.map((text) => new Uint8Array(Buffer.from(text))), {
          maxLength: 2,
        }),
        url: HOSTILE,
        ranges: fc.array(
          fc.record({
            start: fc.record({ line: fc.integer(), character: fc.nat() }, OURS),
            end: fc.record({ line: fc.integer(), character: fc.nat() }, OURS),
          }, OURS),
          { maxLength: 2 },
        ),
      }, OURS),
      { maxLength: 2 },
    ),
  }, OURS);
const STREAM = fc.array(statusOf(NUMBER), { maxLength: 4 });

property("events survive JSON and repeat no vertex", STREAM, 2_000, (stream) => {
  const toEvents = eventMapper();
  for (const status of stream) {
    const events = toEvents(status);
    for (const event of events) {
      structuredClone(event);
      assert.deepEqual(eventToJson(eventFromJson(eventToJson(event))), eventToJson(event));
      assert(!eventToJson(event).includes("\n"));
    }
    const bytes = (list: Array<{ data: Uint8Array }>) =>
      Buffer.concat(list.map(({ data }) => data));
    const logs = events.filter((event) => event.type === "log");
    assert.deepEqual(bytes(logs), Buffer.concat(status.logs.map(({ msg }) => msg)));
  }
  const last = stream.at(-1)?.vertexes.at(-1);
  if (last !== undefined) assert.deepEqual(toEvents(message({ vertexes: [last] })), []);
});

property("rawjson lines are read back as they were written", statusOf(SAFE), 2_000, (status) => {
  for (const line of toRawJson(status).split("\n").filter((line) => line !== "")) {
    const again = orRefused(() => parseRawJson(line), ProtocolError);
    assert.notEqual(again, REFUSED);
    assert.equal(toRawJson(again as StatusResponse).trim(), line);
  }
});

property(
  "parseRawJson() refuses what is none properly",
  fc.oneof(fc.json(), fc.string()),
  2_000,
  (line) => {
    orRefused(() => parseRawJson(line), ProtocolError);
  },
);

property(
  "displays show any stream, and none of its control characters",
  STREAM,
  2_000,
  (stream) => {
    const plain = new FakeOutput();
    const painter = new PlainPainter(plain, { color: false, shortNames: false });
    const terminal = new FakeOutput();
    const tty = new TtyPainter(terminal, { palette: undefined, title: "x", logLines: 6 });
    stream.forEach((status, i) => {
      for (const display of [painter, tty]) {
        display.update(status);
        display.paint(Number(at(i) / 1_000_000n), i === stream.length - 1);
      }
    });
    assert.doesNotMatch(plain.text.replaceAll("\n", ""), CONTROL_REGEXP);
    const shown = stripVTControlCharacters(terminal.text).replaceAll(/[\r\n]/g, "");
    assert.doesNotMatch(shown, CONTROL_REGEXP);
  },
  {
    "less than nothing of a part": [
      message({
        vertexes: [vertex("sha256:b", { started: at(0) })],
        statuses: [
          { id: "x", vertex: "sha256:b", name: "", current: -1n, total: 1n, started: at(0) },
        ],
      }),
      message({}),
    ],
  },
);

property(
  "PlainPainter shows the same however a step's output is cut",
  fc.record({ text: HOSTILE, cuts: CUTS }),
  3_000,
  ({ text, cuts }) => {
    const bytes = Buffer.from(text);
    assert.equal(shownOf(cutInPieces(bytes, cuts)), shownOf([bytes]));
  },
);

function shownOf(pieces: readonly Uint8Array[]): string {
  const out = new FakeOutput();
  const painter = new PlainPainter(out, { color: true, shortNames: false });
  const step = {
    digest: "sha256:a",
    name: "step",
    inputs: [],
    cached: false,
    error: "",
    started: at(0),
  };
  painter.update(message({ vertexes: [step] }));
  for (const msg of pieces) {
    painter.update(message({ logs: [{ vertex: step.digest, stream: 1n, msg, timestamp: at(1) }] }));
  }
  painter.paint(Number(at(2) / 1_000_000n), true);
  return out.text;
}

property(
  "markup escapes whatever is put in",
  HOSTILE.map((text) => `${text}<&>"'`),
  2_000,
  (text) => {
    const inside = markup`<p title="${text}">${text}</p>`.toString().slice(
      '<p title="'.length,
      -"</p>".length,
    );
    assert.equal(inside.match(/[<>"]/g)?.join(""), '">');
  },
);

property(
  "FrameSplitter and engineMessages() give the same however their bytes are cut",
  fc.record({
    frames: fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 20 })), {
      maxLength: 5,
    }),
    values: fc.array(fc.jsonValue().filter((value) => value !== null), { maxLength: 5 }),
    cuts: CUTS,
  }),
  2_000,
  async ({ frames, values, cuts }) => {
    const collected: Record<number, Uint8Array[]> = { 1: [], 2: [] };
    const splitter = new FrameSplitter({
      stdout: (bytes) => void collected[1]!.push(bytes.slice()),
      stderr: (bytes) => void collected[2]!.push(bytes.slice()),
    });
    const bytes = Buffer.concat(frames.flatMap(([stream, content]) => {
      const header = Buffer.alloc(8);
      header[0] = stream;
      header.writeUInt32BE(content.length, 4);
      return [header, Buffer.from(content)];
    }));
    for (const piece of cutInPieces(bytes, cuts)) splitter.push(piece);
    for (const stream of [1, 2]) {
      const expected = Buffer.concat(
        frames.filter(([one]) => one === stream).map(([, content]) => content),
      );
      assert.deepEqual(Buffer.concat(collected[stream]!), expected);
    }
    const lines = Buffer.from(values.map((value) => `${JSON.stringify(value)}\r\n`).join(""));
    const pieces = cutInPieces(lines, cuts).map((piece) => Buffer.from(piece));
    const found: unknown[] = [];
    for await (const value of engineMessages(Readable.from(pieces))) found.push(value);
    assert.deepEqual(found, values.map((value) => JSON.parse(JSON.stringify(value))));
  },
);
