/** Names, addresses, flags and numbers, against those who read them at the other end. */
import fc from "fast-check";
import { durationOf } from "../../src/cli/duration.ts";
import { csvFields } from "../../src/cli/csv_fields.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { parseRemote } from "../../src/context/remote.ts";
import { OptionError } from "../../src/errors.ts";
import { csvLine } from "../../src/frontend/csv.ts";
import { normalizePlatform } from "../../src/frontend/platform.ts";
import { normalizeReference } from "../../src/frontend/reference.ts";
import { parseSize } from "../../src/frontend/size.ts";
import { agreement, isError } from "./oracle.ts";
import { orRefused, property, REFUSED, textOf } from "./support.ts";

const refusedOr = (answer: unknown) => isError(answer) ? REFUSED : answer;

const HEX = "0123456789abcdef".repeat(4);
const REFERENCE = textOf([
  ...[
    "a",
    "b",
    "A",
    "ab",
    "0",
    "library",
    "docker.io",
    "index.docker.io",
    "localhost",
    "host:5000",
    "-",
    "_",
    "__",
  ],
  ...[
    ".",
    "/",
    "/",
    ":",
    ":",
    "@",
    "[::1]",
    "é",
    " ",
    HEX,
    `sha256:${HEX}`,
    "sha256:ab",
    "sha512:",
    "a".repeat(130),
  ],
  ...["a/".repeat(120), "--", "..", "\n", "%", "latest", "[", "]", "*"],
], 6);

agreement("normalizeReference() reads names as distribution/reference does", {
  inputs: REFERENCE,
  runs: 20_000,
  question: (text) => ({ ask: "reference", text }),
  ours: (text) => orRefused(() => normalizeReference(text, "tag"), OptionError),
  // No host has an underscore; theirs is then a name without any host.
  theirs: (answer) => /^[^/]*_/.test(String(answer)) ? REFUSED : refusedOr(answer),
});

const PLATFORM = textOf([
  ...[
    "linux",
    "windows",
    "darwin",
    "macos",
    "LINUX",
    "freebsd",
    "amd64",
    "arm64",
    "arm",
    "armhf",
    "armel",
    "aarch64",
  ],
  ...[
    "x86_64",
    "x86-64",
    "i386",
    "386",
    "v7",
    "v8",
    "v8.0",
    "v9",
    "v9.0",
    "8",
    "7",
    "5",
    "v1",
    "v2",
    "s390x",
    "riscv64",
  ],
  ...[
    "/",
    "/",
    "/",
    "/",
    "(",
    ")",
    "10.0",
    "+",
    "win32k",
    "_",
    "-",
    "*",
    " ",
    "é",
    "",
    "unknown",
    "wasm",
    "wasip1",
  ],
], 6);

const OS_REGEXP = /^\s*(?:linux|windows|darwin|macos|freebsd)(?:\(.*\))?\s*$/i;

agreement("normalizePlatform() reads platforms as containerd does", {
  inputs: fc.oneof(PLATFORM, fc.tuple(PLATFORM, PLATFORM).map((parts) => parts.join("/"))),
  runs: 10_000,
  question: (text) => ({ ask: "platform", text: text.trim() }),
  ours: (text) => orRefused(() => normalizePlatform(text, "platform"), OptionError),
  known: { "an operating system without a version": "linux()/amd64" },
  // An operating system alone would mean this machine's processor.
  theirs: (answer, text) => OS_REGEXP.test(text) ? REFUSED : refusedOr(answer),
});

const CSV = textOf(
  ["a", "b=c", "=", ",", ",", '"', '"', '""', " ", "\t", "\\", "é", "'", "\u00a0"],
  9,
);

agreement("csvFields() splits as the daemon's CSV does", {
  inputs: CSV,
  runs: 10_000,
  question: (text) => ({ ask: "csv", text }),
  ours: (text) => orRefused(() => csvFields("--flag", text), UsageError),
  theirs: (answer, text) => text === "" ? [""] : refusedOr(answer),
});

agreement("csvLine() is read as the fields it was made of", {
  inputs: fc.array(
    textOf(["a", "=", ",", '"', " ", "\t", "\n", "\r", "\\", "é", "\u00a0", "#"], 5),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  runs: 10_000,
  question: (fields) => ({ ask: "csv", text: csvLine(fields) }),
  ours: (fields) => fields,
});

property(
  "csvFields() reads what csvLine() writes",
  fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }),
  2_000,
  (fields) => {
    const read = csvFields("--flag", csvLine(fields));
    if (JSON.stringify(read) !== JSON.stringify(fields)) throw new Error(JSON.stringify(read));
  },
);

const SIZE = textOf([
  "1",
  "0",
  "9",
  "12",
  ".",
  "5",
  "k",
  "K",
  "m",
  "G",
  "t",
  "p",
  "b",
  "B",
  "i",
  "ib",
  " ",
], 6);

agreement("parseSize() reads sizes as docker/go-units does", {
  inputs: SIZE,
  runs: 10_000,
  question: (text) => ({ ask: "size", text: text.trim() }),
  known: { "bytes of no unit": "1ib", "a unit cut off": "1pi", "too many bytes": "12111p" },
  ours: (text) => orRefused(() => parseSize(text, "shmSize"), OptionError),
  // Go's numbers overflow instead.
  theirs: (answer) => Number(answer) < 0 ? REFUSED : refusedOr(answer),
});

const DURATION = textOf(
  ["1", "0", "24", ".", "5", "h", "m", "s", "ms", "us", "µs", "ns", " ", "e"],
  6,
);

agreement("durationOf() reads durations as Go does", {
  inputs: DURATION,
  runs: 10_000,
  question: (text) => ({ ask: "duration", text }),
  ours: (text) => {
    const milliseconds = durationOf(text);
    return milliseconds === undefined ? REFUSED : Math.round(milliseconds * 1000);
  },
  theirs: (answer) => isError(answer) ? REFUSED : Math.round((answer as number) / 1000),
});

const REMOTE = fc.tuple(
  fc.constantFrom(
    ...[
      "http://",
      "https://",
      "git://",
      "ssh://",
      "HTTPS://",
      "git@",
      "a-b@",
      "github.com/",
      "github.com",
      "",
    ],
    ...["http://user:pass@", "ssh://git@", "ftp://", "git+ssh://", "./", "../", "GITHUB.com/", "@"],
  ),
  fc.constantFrom("host", "host:22", "h.example", "[::1]", "a"),
  fc.constantFrom("/", ":", "/a/b", "/a.git"),
  textOf(
    [
      "/",
      "/",
      "a",
      "b.git",
      ".git",
      "#",
      "main",
      ":",
      "?",
      "ref=x",
      "&",
      "=",
      "..",
      " ",
      "é",
      "%20",
      "://",
    ],
    6,
  ),
).map((parts) => parts.join(""));

const kindOf = (text: string) => orRefused(() => parseRemote(text, "context")?.kind, OptionError);

agreement("parseRemote() takes for a repository what the daemon takes for one", {
  // What is no URL is refused before the daemon has a say.
  inputs: REMOTE.filter((text) => kindOf(text) !== REFUSED),
  runs: 10_000,
  question: (text) => ({ ask: "git", text }),
  ours: (text) => kindOf(text) === "git",
  theirs: (answer) => (answer as { git: boolean }).git,
});
