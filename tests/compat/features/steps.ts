/** What the steps of a Dockerfile can be given. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { BuildOptions } from "../../../src/types.ts";
import { builtFiles } from "../../build/support.ts";
import { type Feature, NotTried, type World } from "../feature.ts";

/** What a step wrote to its output. */
async function said(
  { on, baseImage }: World,
  step: string,
  options: BuildOptions = {},
): Promise<string> {
  const dockerfile = `FROM ${baseImage} AS run\nARG NONCE\nRUN ${step}\n` +
    "FROM scratch\nCOPY --from=run /out /\n";
  const buildArgs = { NONCE: crypto.randomUUID() };
  const all = { ...on, dockerfile, buildArgs, network: "none" as const, ...options };
  return (await builtFiles(all)).out!.trim();
}

const group = "steps";

/** Each with a step, what it needs, and what it then says. */
const STEPS: [what: string, step: string, options: BuildOptions, expected: string | RegExp][] = [
  ["a secret as a file", "--mount=type=secret,id=s cat /run/secrets/s >/out", {
    secrets: { s: () => Promise.resolve("told") },
  }, "told"],
  ["a secret as a variable", '--mount=type=secret,id=s,env=S echo "$S" >/out', {
    secrets: { s: "told" },
  }, "told"],
  ["the host's network", "cat /proc/net/dev >/out", { network: "host" }, /lo:/],
  ["hosts", "cat /etc/hosts >/out", { addHosts: { "db.test": "10.1.2.3" } }, /10\.1\.2\.3\s+db/],
  ["the size of /dev/shm", "df -k /dev/shm >/out", { shmSize: "48m" }, /\b49152\b/],
  ["ulimits", "ulimit -n >/out", { ulimits: { nofile: "1000:2000" } }, "1000"],
  [
    "limits of memory and CPU",
    "cd /sys/fs/cgroup; cat memory.max memory/memory.limit_in_bytes >/out 2>&-; true",
    { resources: { memory: "300m" } },
    "314572800",
  ],
];

/** The steps that take an option. */
export const STEP_FEATURES: readonly Feature[] = [
  ...STEPS.map(([what, step, options, expected]): Feature => ({
    group,
    what,
    async attempt(world) {
      const text = await said(world, step, options);
      if (typeof expected === "string") assert.equal(text, expected);
      else assert.match(text, expected);
    },
  })),
  {
    group,
    what: "a recording proxy",
    async attempt(world) {
      const options = { proxyNetwork: true, network: "default" } as const;
      if (!world.network) throw new NotTried();
      assert.match(await said(world, "echo $HTTP_PROXY >/out", options), /^http:/);
    },
  },
  {
    group,
    what: "SSH keys",
    async attempt(world) {
      const { privateKey } = generateKeyPairSync("ed25519");
      const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const step = '--mount=type=ssh,required=true test -S "$SSH_AUTH_SOCK" && echo yes >/out';
      assert.equal(await said(world, step, { ssh: { default: { keys: [key] } } }), "yes");
    },
  },
  {
    group,
    what: "cache mounts",
    async attempt(world) {
      const id = crypto.randomUUID();
      const step = `--mount=type=cache,id=${id},target=/c sh -c 'echo x >>/c/n; cat /c/n >/out'`;
      assert.equal(await said(world, step), "x");
      assert.equal(await said(world, step), "x\nx");
    },
  },
  {
    group,
    what: "files within the Dockerfile",
    async attempt(world) {
      const { on } = world;
      const dockerfile = "FROM scratch\nCOPY <<END /file\nwithin\nEND\n";
      assert.deepEqual(await builtFiles({ ...on, dockerfile }), { file: "within\n" });
    },
  },
];
