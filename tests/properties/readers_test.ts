/** What is read on this machine: flags, addresses, keys, repositories. All of it properly, or with an error of ours. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { parseAddHosts } from "../../src/cli/add_host_flag.ts";
import { parseAttestations } from "../../src/cli/attest_flag.ts";
import { parseCacheFilters } from "../../src/cli/cache_filter_flag.ts";
import { parseCacheFrom, parseCacheTo } from "../../src/cli/cache_flag.ts";
import { parseTypedAttrs } from "../../src/cli/ctl/build/attrs_flag.ts";
import { parseBuildFilters } from "../../src/cli/history/filter_flag.ts";
import { parseOutputs } from "../../src/cli/output_flag.ts";
import { parseRegistryTls } from "../../src/cli/registry_tls_flag.ts";
import { parseResources } from "../../src/cli/resource_flag.ts";
import { parseSecrets } from "../../src/cli/secret_flag.ts";
import { parseSsh } from "../../src/cli/ssh_flag.ts";
import { parseUlimits } from "../../src/cli/ulimit_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { parseBuilderAddress } from "../../src/connect/builder_address.ts";
import { OptionError } from "../../src/errors.ts";
import { goQuote, QUOTED, unquote } from "../../src/diagnosis/go_quote.ts";
import { agentMessages } from "../../src/ssh/agent_protocol.ts";
import { parsePrivateKey } from "../../src/ssh/private_key.ts";
import { PrivateKeyError } from "../../src/ssh/private_key_error.ts";
import { mpint, string, uint32 } from "../../src/ssh/wire.ts";
import { GitError } from "../../src/vcs/git_error.ts";
import { readGitInfo } from "../../src/vcs/git_info.ts";
import { parseConfig } from "../../src/vcs/config.ts";
import { commitAll, git } from "../support/git_repository.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  cutInPieces,
  CUTS,
  orRefused,
  property,
  REFUSED,
  runsOf,
  SEED,
  textOf,
} from "./support.ts";

const WORD = fc.constantFrom(
  ...[
    "type",
    "src",
    "dest",
    "id",
    "name",
    "mode",
    "local",
    "tar",
    "image",
    "registry",
    "oci",
    "docker",
    "env",
    "file",
  ],
  ...[
    "push",
    "true",
    "false",
    "max",
    "min",
    "ref",
    "gha",
    "s3",
    "inline",
    "status",
    "default",
    "age",
    "until",
    "24h",
    "x",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "",
    "-",
    "1",
    "1e9",
    "-1",
    "compression",
    "zstd",
    "sbom",
    "provenance",
  ],
);
const FLAG = fc.array(
  fc.oneof(
    WORD,
    fc.constantFrom("=", "=", "=", ",", ",", ":", '"', "!=", ">", "/", " ", "\n", "é"),
  ),
  {
    maxLength: 9,
  },
).map((parts) => parts.join(""));
const noEnv = () => undefined;

const FLAGS: Readonly<Record<string, (items: string[]) => unknown>> = {
  parseAddHosts,
  parseAttestations: (items) =>
    parseAttestations({ attest: items, provenance: items[0], sbom: items[1] }, noEnv),
  parseBuildFilters: (items) => parseBuildFilters(items, 0),
  parseCacheFilters,
  parseCacheFrom,
  parseCacheTo,
  parseOutputs: (items) => parseOutputs(items, { push: true, stdout: stdout() }),
  parseRegistryTls,
  parseResources,
  parseSecrets: (items) => parseSecrets(items, noEnv),
  parseSsh,
  parseTypedAttrs: ([item = ""]) => parseTypedAttrs("--flag", item),
  parseUlimits,
};

function stdout(): Parameters<typeof parseOutputs>[1]["stdout"] {
  return { isTerminal: false, open: () => new WritableStream<Uint8Array>() };
}

for (const [name, parse] of Object.entries(FLAGS)) {
  property(
    `${name}() takes or refuses any text`,
    fc.array(FLAG, { minLength: 1, maxLength: 3 }),
    1_500,
    (items) => {
      orRefused(() => parse(items), UsageError, OptionError);
      assert(!("polluted" in {}) && Object.keys(Object.prototype).length === 0);
    },
  );
}

const ADDRESS = fc.tuple(
  fc.constantFrom(
    ...[
      "tcp://",
      "unix://",
      "docker-container://",
      "podman-container://",
      "kube-pod://",
      "ssh://",
      "SSH://",
      "http://",
      "",
    ],
  ),
  textOf([
    "a",
    "host",
    "-o",
    "user@",
    "@",
    ":",
    "1234",
    "99999",
    "[::1]",
    "[",
    "]",
    "/",
    "/run/x",
    "?",
    "context=",
    "namespace=",
    "container=",
    "&",
    "=",
    " ",
    "\n",
    "\0",
    "%20",
    "%0a",
    "-",
    "..",
    "é",
    "$(x)",
    ";",
    "'",
  ], 7),
).map((parts) => parts.join(""));

property(
  "parseBuilderAddress() lets nothing out that a program could take for a flag or a line",
  ADDRESS,
  20_000,
  (text) => {
    const address = orRefused(() => parseBuilderAddress(text), OptionError);
    if (address === REFUSED) return;
    if (address.scheme === "unix") return assert(address.path.startsWith("/"));
    const { text: _, scheme, ...parts } = address;
    for (const [name, value] of Object.entries(parts)) {
      if (value === undefined || scheme === "tcp") continue;
      assert.doesNotMatch(String(value), /^-/, name);
      if (name !== "socket") assert.doesNotMatch(String(value), /[\n\0]/, name);
    }
  },
);

property(
  "goQuote() and unquote() are each other's opposites",
  fc.string({ unit: "binary" }),
  3_000,
  (text) => {
    const quoted = goQuote(text);
    const inside = new RegExp(`^${QUOTED}$`, "s").exec(quoted)?.[1];
    assert.notEqual(inside, undefined, quoted);
    assert.equal(unquote(inside!), text);
  },
);

property(
  "unquote() makes something of any text",
  textOf(["\\", "x", "u", "U", "0", "1", "f", '"', "n", "é"], 12),
  3_000,
  (text) => {
    assert.equal(typeof unquote(text), "string");
  },
);

property(
  "parseConfig() makes something of any text",
  textOf(["[", "]", '"', "a", "\\", "\n", "=", " ", "#", ";", ".", "\t"], 20),
  3_000,
  (text) => {
    parseConfig(text);
  },
);

/** A key's file, of parts that are right or not. */
const NUMBER = fc.oneof(
  fc.constantFrom("", "00", "01", "02", "03", "80"),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex")),
)
  .map((hex) => mpint(Buffer.from(hex, "hex")));
const KEY_TYPE = fc.constantFrom(
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "constructor",
  "__proto__",
  "ssh-dss",
);
const KEY_PARTS = fc.record({
  type: KEY_TYPE,
  fields: fc.array(
    fc.oneof(
      NUMBER,
      fc.constantFrom("nistp256", "constructor", "__proto__", "toString").map((text) =>
        string(text)
      ),
    ),
    { maxLength: 7 },
  ),
  cipher: fc.constantFrom("none", "none", "none", "aes256-ctr", "constructor", "__proto__"),
  kdf: fc.constantFrom("none", "bcrypt"),
  rounds: fc.constantFrom(0, 1, 0xffff_ffff),
  padding: fc.nat(20),
});

function keyFile({ type, fields, cipher, kdf, rounds, padding }: {
  type: string;
  fields: Uint8Array[];
  cipher: string;
  kdf: string;
  rounds: number;
  padding: number;
}): string {
  const check = uint32(7);
  const secret = Buffer.concat([
    check,
    check,
    string(type),
    ...fields,
    string("me"),
    new Uint8Array(padding),
  ]);
  const options = kdf === "bcrypt"
    ? Buffer.concat([string("salt"), uint32(rounds)])
    : new Uint8Array();
  const body = Buffer.concat([
    ...[Buffer.from("openssh-key-v1\0"), string(cipher), string(kdf), string(options)],
    ...[uint32(1), string("public"), string(secret)],
  ]);
  const label = "OPENSSH PRIVATE KEY";
  return `-----BEGIN ${label}-----\n${body.toString("base64")}\n-----END ${label}-----\n`;
}

async function checkKey(text: string): Promise<void> {
  try {
    await parsePrivateKey(text, () => Promise.resolve("passphrase"));
  } catch (error) {
    assert(error instanceof PrivateKeyError, String(error));
  }
}

property("parsePrivateKey() reads or refuses any key", KEY_PARTS.map(keyFile), 1_500, checkKey, {
  "factors of one": keyFile({
    type: "ssh-rsa",
    fields: Array.from({ length: 6 }, () => mpint(Uint8Array.of(1))),
    cipher: "none",
    kdf: "none",
    rounds: 0,
    padding: 0,
  }),
  "a curve of a name that all objects have": keyFile({
    type: "ecdsa-sha2-nistp256",
    fields: [string("constructor"), string("x")],
    cipher: "none",
    kdf: "none",
    rounds: 0,
    padding: 0,
  }),
});

const PEM = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
  .export({ type: "pkcs8", format: "pem" }) as string;

property(
  "parsePrivateKey() reads or refuses a damaged file",
  fc.tuple(fc.nat(), textOf(["A", "-", "\n", "=", " "], 2)),
  300,
  async ([place, more]) => {
    const at = place % PEM.length;
    await checkKey(PEM.slice(0, at) + more + PEM.slice(at + 1));
  },
);

property(
  "agentMessages() gives the same messages however their bytes are cut",
  fc.record({
    messages: fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 5 }),
    cuts: CUTS,
  }),
  1_000,
  async ({ messages, cuts }) => {
    const bytes = Buffer.concat(messages.map((message) => string(message)));
    const found: number[][] = [];
    for await (const message of agentMessages(chunksOf(cutInPieces(bytes, cuts)))) {
      found.push([...message]);
    }
    assert.deepEqual(found, messages.map((message) => [...message]));
  },
);

async function* chunksOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

Deno.test("readGitInfo() reads or refuses a damaged repository (200 random damages)", async () => {
  await using folder = tempFolder();
  fs.mkdirSync(join(folder.path, "dir"));
  for (const name of ["a", "b", "dir/c"]) {
    fs.writeFileSync(join(folder.path, name), name.repeat(50));
  }
  commitAll(folder.path);
  git(folder.path, "gc", "--quiet");
  const inGit = (path: string) => join(folder.path, ".git", path);
  const pack = fs.readdirSync(inGit("objects/pack")).map((name) => `objects/pack/${name}`);
  const files = ["index", "HEAD", "config", "packed-refs", ...pack].filter((path) =>
    fs.existsSync(inGit(path))
  );
  for (const path of files) fs.chmodSync(inGit(path), 0o644);
  const before = new Map(files.map((path) => [path, fs.readFileSync(inGit(path))]));
  const { signal } = new AbortController();
  const damage = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 4 }),
    cut: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, at, bytes, cut }) => {
      const whole = before.get(file)!;
      const place = at % (whole.length + 1);
      const rest = cut ? Buffer.alloc(0) : whole.subarray(place + bytes.length);
      fs.writeFileSync(inGit(file), Buffer.concat([whole.subarray(0, place), bytes, rest]));
      try {
        await readGitInfo(folder.path, { dirty: "all", signal });
      } catch (error) {
        // The file system says so itself where a branch turns into a folder.
        const isFileError = typeof (error as { code?: unknown }).code === "string";
        assert(error instanceof GitError || isFileError, String(error));
      } finally {
        fs.writeFileSync(inGit(file), whole);
      }
    }),
    { seed: SEED, numRuns: runsOf(200) },
  );
});

Deno.test("readGitInfo() refuses a commit that unpacks to more than any is", async () => {
  await using folder = tempFolder();
  const id = createHash("sha1").update("x").digest("hex");
  const inGit = (path: string) => join(folder.path, ".git", path);
  fs.mkdirSync(inGit(`objects/${id.slice(0, 2)}`), { recursive: true });
  fs.writeFileSync(inGit("HEAD"), `${id}\n`);
  const bomb = deflateSync(Buffer.concat([Buffer.from("commit 1\0"), Buffer.alloc(32 << 20)]));
  fs.writeFileSync(inGit(`objects/${id.slice(0, 2)}/${id.slice(2)}`), bomb);
  const { signal } = new AbortController();
  await assert.rejects(readGitInfo(folder.path, { dirty: "all", signal }), GitError);
});
