/** What can't be made to happen here, by the texts that daemons, registries and shells are known to give. */
import assert from "node:assert/strict";
import type { BuildError } from "../../src/build_error.ts";
import { failedBuild } from "../../src/failed_build.ts";
import type { BuildErrorCode, BuildFacts } from "../../src/diagnosis/failure.ts";
import { RpcError } from "../../src/rpc/status.ts";

interface Given {
  message: string;
  exitCode?: number;
  log?: string[];
  step?: string;
  details?: [type: string, detail: unknown][];
  facts?: BuildFacts;
}

function failure({ message, exitCode, log = [], step, details = [], facts }: Given): BuildError {
  const exit: [string, unknown][] = exitCode === undefined
    ? []
    : [["gatewayapi.ExitMessage", { Code: exitCode }]];
  const encoded = [...exit, ...details].map(([type, detail]) => ({
    typeUrl: `github.com/moby/buildkit/${type}+json`,
    value: new TextEncoder().encode(JSON.stringify(detail)),
  }));
  return failedBuild(new RpcError(2, message, { details: encoded }), {
    ...(facts && { facts }),
    ...(step !== undefined || log.length > 0
      ? { step: { digest: "sha256:1", name: step ?? "[2/2] RUN x", log } }
      : {}),
  });
}

const pull = (reason: string) =>
  `app: failed to resolve source metadata for docker.io/library/app:1: ${reason}`;
const request = 'failed to do request: Head "https://r.example/v2/": ';
const ran = (reason: string) => `process "/bin/sh -c x" did not complete successfully: ${reason}`;

const IMAGES: [reason: string, code: BuildErrorCode, summary: RegExp][] = [
  [
    "pull access denied, repository does not exist or may require authorization: server message: " +
    "insufficient_scope: authorization failed",
    "REGISTRY_DENIED",
    /docker\.io wants a login/,
  ],
  [
    "failed to authorize: failed to fetch oauth token: unexpected status from POST request to " +
    "https://auth.docker.io/token: 401 Unauthorized",
    "REGISTRY_DENIED",
    /wants a login/,
  ],
  [
    "failed to copy: httpReadSeeker: failed open: unexpected status code " +
    "https://registry-1.docker.io/v2/x: 429 Too Many Requests - Server message: toomanyrequests: " +
    "You have reached your unauthenticated pull rate limit",
    "REGISTRY_RATE_LIMITED",
    /too many requests/,
  ],
  ["docker.io/library/app:1: not found", "IMAGE_NOT_FOUND", /does not exist/],
  [`${request}dial tcp 1.2.3.4:443: i/o timeout`, "REGISTRY_UNREACHABLE", /no answer in time/],
  [
    `${request}dial tcp: lookup r.example on 1.1.1.1:53: server misbehaving`,
    "REGISTRY_UNREACHABLE",
    /host name is not known/,
  ],
  [
    `${request}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    "REGISTRY_UNREACHABLE",
    /certificate is not trusted/,
  ],
  [
    `${request}http: server gave HTTP response to HTTPS client`,
    "REGISTRY_UNREACHABLE",
    /does not speak TLS/,
  ],
  [`${request}EOF`, "REGISTRY_UNREACHABLE", /connection failed/],
  [
    "unexpected status from HEAD request to https://r.example/v2/: 503 Service Unavailable",
    "REGISTRY_FAILED",
    /docker\.io failed/,
  ],
];

for (const [reason, code, summary] of IMAGES) {
  Deno.test(`BuildError of an image: ${reason.slice(0, 70)}`, () => {
    const error = failure({ message: pull(reason) });
    assert.equal(error.code, code);
    assert.match(error.summary ?? "", summary);
    assert(error.suggestions.length > 0);
  });
}

const git = (stderr: string) =>
  "failed to read dockerfile: failed to load cache key: error fetching default branch for repository " +
  `x: git stderr:\n${stderr}\n: exit status 128`;

/** What needs servers that are not at hand; the others are in tests/build/remote_context_test.ts. */
const GIT: [stderr: string, code: BuildErrorCode, text: RegExp][] = [
  [
    "git@host.example: Permission denied (publickey,password).\nfatal: Could not read from remote repository.",
    "GIT_DENIED",
    /git@host\.example accepts none of the SSH keys/,
  ],
  [
    "remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://host.example:444/a.git/'",
    "GIT_DENIED",
    /host\.example:444 wants a login .*\n.*GIT_AUTH_TOKEN\.host\.example:444 /s,
  ],
  [
    "ssh: Could not resolve hostname host.example: Name or service not known\nfatal: x",
    "GIT_UNREACHABLE",
    /can't reach host\.example/,
  ],
  ["fatal: something new", "BUILD_FAILED", /something new/],
];

for (const [stderr, code, text] of GIT) {
  Deno.test(`BuildError has the code ${code} for git's ${stderr.slice(0, 40)}`, () => {
    const error = failure({ message: git(stderr) });
    assert.equal(error.code, code);
    assert.match(error.message, text);
  });
}

const COMMANDS: [given: Given, code: BuildErrorCode, text: RegExp][] = [
  [
    { message: ran("exit code: 127"), exitCode: 127, log: ["/bin/sh: 1: curl: not found"] },
    "COMMAND_NOT_FOUND",
    /command curl is/,
  ],
  [
    {
      message: ran("exit code: 127"),
      exitCode: 127,
      log: ["bash: line 1: make: command not found"],
    },
    "COMMAND_NOT_FOUND",
    /command make is/,
  ],
  [{ message: ran("exit code: 127"), exitCode: 127 }, "COMMAND_NOT_FOUND", /a command is/],
  [
    { message: ran("cannot allocate memory"), exitCode: 137 },
    "COMMAND_KILLED",
    /memory ran out \(exit code 137\)/,
  ],
  [{ message: ran("exit code: 139"), exitCode: 139 }, "COMMAND_FAILED", /exit code 139/],
  [
    { message: ran("exit code: 1"), exitCode: 1, log: ["write: Disk quota exceeded"] },
    "NO_SPACE",
    /no space/,
  ],
  [{ message: ran("context canceled") }, "BUILD_FAILED", /context canceled/],
  [
    {
      message: 'failed to calculate checksum of ref a::b: "/a\\"\\u00fc": not found',
      step: "[1/1] COPY --from=other x y",
    },
    "SOURCE_NOT_FOUND",
    /"\/a"ü" is not in other/,
  ],
  [
    {
      message: "failed to compute cache key: failed to calculate checksum of ref a::b: " +
        "failed to walk /var/lib/x: lstat /var/lib/x/a.txt: no such file or directory",
    },
    "SOURCE_NOT_FOUND",
    /is not in the context/,
  ],
  [
    { message: "failed to copy: write /var/lib/buildkit/x: no space left on device" },
    "NO_SPACE",
    /no space/,
  ],
  [
    {
      message: 'source "docker-image://x" denied by policy',
      details: [["policysession.DecisionResponse", {
        action: "DENY",
        denyMessages: [{ message: "only our registry" }, { message: "no \u001b[2Jlatest" }],
      }]],
    },
    "POLICY_DENIED",
    /denied the build: only our registry: no latest/,
  ],
  [{ message: "something\nelse\u001b[2J" }, "BUILD_FAILED", /^The build failed: something else$/],
];

for (const [given, code, text] of COMMANDS) {
  Deno.test(`BuildError of: ${given.message.slice(0, 60).replace(/\W+/g, " ")} ${code}`, () => {
    const error = failure(given);
    assert.equal(error.code, code, error.message);
    assert.match(error.shortMessage, text);
  });
}

Deno.test("BuildError keeps the denials of a policy", () => {
  const [given] = COMMANDS.find(([, code]) => code === "POLICY_DENIED")!;
  assert.deepEqual(failure(given).denyMessages, ["only our registry", "no latest"]);
});

Deno.test("BuildError's advice on a login depends on whether there was one", () => {
  const message = pull("401 Unauthorized");
  const facts = { trees: new Map(), filename: "", hasLogin: () => true };
  assert.match(failure({ message, facts }).suggestions[0]!, /^Check the login for docker\.io/);
  assert.match(failure({ message }).suggestions[0]!, /^Log in by docker login docker\.io/);
});

Deno.test("BuildError reads every detail and keeps what it does not know", () => {
  const details: [string, unknown][] = [
    ["stack.Stack", { frames: [{ Name: "main.main", File: "main.go", Line: 7 }], version: "v1" }],
    ["errdefs.Frontend", { name: "dockerfile.v0", source: "x" }],
    ["errdefs.FrontendCap", { name: "cap" }],
    ["errdefs.Subrequest", { name: "frontend.lint" }],
    ["errdefs.CompatibilityFeature", { version: 20, feature: "f" }],
    ["errdefs.ProvenanceMaterialsIncomplete", { incomplete: [{ op: "source", uri: "u" }] }],
    ["errdefs.Solve", { inputIDs: ["a"], mountIDs: ["b", ""], description: { k: "v" } }],
    ["errdefs.Later", { anything: 1 }],
  ];
  const error = failure({ message: "m", details });
  assert.deepEqual(error.details.map(({ type }) => type), [
    ...["stack", "frontend", "frontendCap", "subrequest", "compatibilityFeature"],
    ...["provenanceMaterialsIncomplete", "solve", "unknown"],
  ]);
  const [stack] = error.details;
  assert.deepEqual(stack, {
    type: "stack",
    frames: [{ name: "main.main", file: "main.go", line: 7 }],
    version: "v1",
  });
  assert.deepEqual(error.details[6], {
    type: "solve",
    inputIds: ["a"],
    mountIds: ["b", ""],
    description: { k: "v" },
  });
});

Deno.test("BuildError's message holds what failed, where, the last output and the advice", () => {
  const lines = "FROM a\nRUN curl x\n";
  const error = failure({
    message: ran("exit code: 127"),
    exitCode: 127,
    log: [...Array.from({ length: 20 }, (_, i) => `line ${i}`), "sh: curl: not found"],
    details: [["errdefs.Source", {
      info: { filename: "Dockerfile", data: btoa(lines) },
      ranges: [{ start: { line: 2 } }],
    }]],
  });
  assert.deepEqual(error.message.split("\n"), [
    "The build failed at Dockerfile:2: the command curl is not in the image (exit code 127)",
    'The builder said: process "/bin/sh -c x" did not complete successfully: exit code: 127',
    "",
    "Dockerfile:2",
    "--------------------",
    "   1 |     FROM a",
    "   2 | >>> RUN curl x",
    "--------------------",
    "",
    ...Array.from({ length: 9 }, (_, i) => `line ${i + 11}`),
    "sh: curl: not found",
    "",
    "Install curl in a RUN before this one, or correct its name or PATH.",
  ]);
});
