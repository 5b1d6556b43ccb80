/** An image can't be pulled or pushed: not found, denied, too many requests and no network told apart. */
import type { BuildErrorCode, Diagnosis, Failure } from "./failure.ts";
import { missingForVariable } from "../runtime/refusal.ts";

const PULL_REGEXP = /failed to resolve source metadata for (\S+?): (.*)$/s;
const PUSH_REGEXP = /failed to push (\S+?): (.*)$/s;

/** Of the token service's refusal only our own text is left (registry/token_exchange.ts). */
const TOKEN_REGEXP =
  /failed to fetch a token for (\S+) \((?:repository:([^:\s]+):(\S+))?.*?\): (\S+ answered (\d+) .*)$/s;

/** What can be wrong, by the daemon's text (containerd remotes/docker, Go's net); the first that fits counts. */
const REASONS: ReadonlyArray<[text: RegExp, code: BuildErrorCode]> = [
  [/\b429\b|too ?many ?requests|rate ?limit/i, "REGISTRY_RATE_LIMITED"],
  [/no match for platform/, "IMAGE_PLATFORM_NOT_FOUND"],
  [
    /\b40[13]\b|insufficient_scope|authorization failed|failed to authorize|access denied|\bdenied\b|no basic auth/i,
    "REGISTRY_DENIED",
  ],
  [/dial tcp|no such host|i\/o timeout|TLS handshake|deadline exceeded/, "REGISTRY_UNREACHABLE"],
  [
    /x509|tls: |server gave HTTP response|malformed HTTP|: EOF|connection re/,
    "REGISTRY_UNREACHABLE",
  ],
  [/not found|manifest unknown|name unknown|\b404\b/i, "IMAGE_NOT_FOUND"],
  [/unexpected status .*\b5\d\d\b|\b5\d\d [A-Z]/s, "REGISTRY_FAILED"],
  [/children may not be fetched|unexpected media type|invalid character/, "REGISTRY_FAILED"],
];

/** Recognises a registry's refusal, or its silence. */
export function registryFailure(failure: Failure): Diagnosis | undefined {
  return tokenFailure(failure) ?? imageFailure(failure);
}

function tokenFailure({ message, facts }: Failure): Diagnosis | undefined {
  const [, host, repository, actions = "", text, status] = TOKEN_REGEXP.exec(message) ?? [];
  if (host === undefined || text === undefined) return undefined;
  const name = repository === undefined ? host : `${host}/${repository}`;
  const code = tokenCode(Number(status));
  return { code, ...ADVICE[code]!({ name, host, text, pushed: actions.includes("push"), facts }) };
}

function tokenCode(status: number): BuildErrorCode {
  if (status === 429) return "REGISTRY_RATE_LIMITED";
  return status === 404 || status >= 500 ? "REGISTRY_FAILED" : "REGISTRY_DENIED";
}

function imageFailure(failure: Failure): Diagnosis | undefined {
  const push = PUSH_REGEXP.exec(failure.message);
  const [, name, text] = push ?? PULL_REGEXP.exec(failure.message) ?? [];
  if (name === undefined || text === undefined) return undefined;
  const code = REASONS.find(([pattern]) => pattern.test(text))?.[1];
  if (code === undefined) return undefined;
  const host = name.slice(0, name.indexOf("/"));
  const image = { name, host, text, pushed: push !== null, facts: failure.facts };
  return { code, ...ADVICE[code]!(image) };
}

interface Image {
  readonly name: string;
  readonly host: string;
  readonly text: string;
  readonly pushed: boolean;
  readonly facts: Failure["facts"];
}

type Advice = Omit<Diagnosis, "code">;

const ADVICE: Partial<Record<BuildErrorCode, (image: Image) => Advice>> = {
  IMAGE_NOT_FOUND: ({ name, host }) => ({
    summary: `the image ${name} does not exist`,
    suggestions: [
      `Check its name and tag. If it was just built, push it to ${host} first: the builder looks for images there, not among those of this machine.`,
    ],
  }),
  IMAGE_PLATFORM_NOT_FOUND: ({ name }) => ({
    summary: `the image ${name} does not exist for this platform`,
    suggestions: [
      "Build for a platform that the image has, or pick its platform by FROM --platform=... .",
    ],
  }),
  REGISTRY_DENIED: ({ name, host, pushed, text, facts }) => {
    const action = pushed ? "push to" : "pull";
    const had = facts.hasLogin(host);
    const forbidden = /\b403\b|\bdenied\b/.test(text) && !/\b401\b/.test(text);
    return {
      summary: had
        ? `the registry ${host} does not accept the login to ${action} ${name}`
        : `the registry ${host} wants a login to ${action} ${name}`,
      suggestions: [
        had
          ? `Check the login for ${host}: user name, password, and whether it ${
            forbidden ? "may" : "is still valid and may"
          } ${action} this repository.`
          : `Log in by docker login ${host}, or give a login for ${host} in the option auth.`,
        ...(had ? [] : outOfReach()),
        ...(pushed
          ? []
          : [`A registry may say the same of an image that does not exist: check the name.`]),
      ],
    };
  },
  REGISTRY_RATE_LIMITED: ({ host, facts }) => ({
    summary: `the registry ${host} has had too many requests`,
    suggestions: [
      facts.hasLogin(host)
        ? "Wait and build again, or use a mirror of the registry."
        : `Wait and build again, log in to ${host}, which often raises the limit, or use a mirror of the registry.`,
    ],
  }),
  REGISTRY_UNREACHABLE: ({ host, text }) => ({
    summary: `the builder can't reach the registry ${host}: ${networkReason(text)}`,
    suggestions: [networkAdvice(host, text)],
  }),
  REGISTRY_FAILED: ({ host }) => ({
    summary: `the registry ${host} failed`,
    suggestions: [`Build again later; if it stays, look at the log of ${host} or its status page.`],
  }),
};

/** Docker's configuration counts as missing where Deno's permissions hide it. */
function outOfReach(): string[] {
  if (missingForVariable("DOCKER_CONFIG") === undefined) return [];
  return [
    "If there is one in Docker's config.json: Deno's permissions hide that. " +
    "Run with --allow-env=DOCKER_CONFIG,DOCKER_AUTH_CONFIG,HOME and --allow-read for its folder.",
  ];
}

function networkReason(text: string): string {
  if (/no such host|lookup/.test(text)) return "its host name is not known";
  if (/connection refused/.test(text)) return "nothing listens there";
  if (/x509|certificate/.test(text)) return "its certificate is not trusted";
  if (/HTTP response|tls: /.test(text)) return "it does not speak TLS";
  if (/timeout|deadline/.test(text)) return "no answer in time";
  return "the connection failed";
}

function networkAdvice(host: string, text: string): string {
  if (/x509|certificate/.test(text)) {
    return `Add the certificate authority of ${host} to the builder's configuration (registry."${host}".ca).`;
  }
  if (/HTTP response|tls: /.test(text)) {
    return `If ${host} is meant to speak plain HTTP, say so in the builder's configuration (registry."${host}".http = true).`;
  }
  return `It is the builder that connects, not this machine: check the name, and that the builder's network reaches ${host}.`;
}
