/** What the scripts of `moat-build completion` make of command lines in real shells. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_FLAGS } from "../../../src/cli/build_flags.ts";
import { flagsOf, readCommandTree } from "../../../src/cli/completion/command_tree.ts";
import type { FlagTable } from "../../../src/cli/flags.ts";
import { main } from "../../../src/cli/main.ts";
import { daemonTest, type TestEnvironment } from "../../support/env.ts";
import { runOk } from "../../support/process.ts";
import { type TempFolder, tempFolder } from "../../support/temp_folder.ts";
import { fakeIo } from "../fake_io.ts";

/** Command lines up to the cursor, what is offered at it, and what is not. */
const LINES: [line: string, offered: string[], not?: string[]][] = [
  ["moat-build bu", ["build"], ["prune"]],
  ["moat-build ", ["build", "history", "sidecar", "completion"], ["ls"]],
  ["moat-build history ", ["ls", "logs", "inspect"], ["build"]],
  ["moat-build ctl debug ", ["workers"], ["du"]],
  ["moat-build build --no-c", ["--no-cache", "--no-cache-filter"], ["--tag"]],
  ["moat-build build -t app --pu", ["--pull", "--push"], ["--tag"]],
  ["moat-build build --progress pl", ["plain"], ["tty"]],
  ["moat-build history ls --fol", ["--follow"], ["--local"]],
  ["moat-build build -f Docker", ["Dockerfile.web"], ["--file"]],
  ["moat-build build con", ["context-of-it"], ["context"]],
];

type Complete = (
  environment: TestEnvironment,
  folder: string,
  script: string,
  line: string,
) => Promise<string[]>;

const SHELLS: Record<string, Complete> = { bash, zsh, fish };

async function bash(
  _: TestEnvironment,
  folder: string,
  script: string,
  line: string,
): Promise<string[]> {
  const words = line.split(" ").map((word) => `'${word}'`).join(" ");
  const program = `
    source '${script}'
    COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=()
    _moat_build
    # What the shell does for "-o default".
    ((\${#COMPREPLY[@]})) || mapfile -t COMPREPLY < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await runOk("bash", ["-c", program], { cwd: folder });
  return stdout.split("\n");
}

async function fish(
  { tools }: TestEnvironment,
  folder: string,
  script: string,
  line: string,
): Promise<string[]> {
  const program = `source '${script}'; complete -C '${line}'`;
  const env = { HOME: folder, XDG_CONFIG_HOME: folder };
  const { stdout } = await runOk(tools.fish, ["--no-config", "-c", program], { cwd: folder, env });
  return stdout.split("\n").map((offer) => offer.split("\t")[0]!);
}

/** zsh completes in its line editor alone, so a shell in a terminal of zsh's own notes what is offered in it. */
async function zsh(
  { tools }: TestEnvironment,
  folder: string,
  script: string,
  line: string,
): Promise<string[]> {
  const offers = join(folder, "offers");
  writeFileSync(offers, "");
  const setUp = join(folder, "set_up.zsh");
  writeFileSync(
    setUp,
    `PS1= ; autoload -Uz compinit; compinit -u -D
    source '${script}'
    compadd() {
      if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
      local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >>'${offers}'
      builtin compadd "$@"
    }
    list-and-say() { zle list-choices; print listed }
    zle -N list-and-say; bindkey '^I' list-and-say; cd '${folder}'; print rea""dy`,
  );
  const program = `
    zmodload zsh/zpty; zpty shell ${tools.zsh} -f -i
    zpty -w shell "source ${setUp}"; zpty -r shell seen '*ready*'
    # More input would keep the shell from listing.
    zpty -n -w shell '${line}'$'\\t'; zpty -r shell seen '*listed*'
    zpty -d shell`;
  await runOk(tools.zsh, ["-f", "-c", program], { cwd: folder, env: { TERM: "dumb" } });
  return readFileSync(offers, "utf8").split("\n");
}

/** A folder with files to complete, and a shell's script beside it. */
async function prepare(shell: string): Promise<{ folder: TempFolder; script: string }> {
  const folder = tempFolder();
  const io = fakeIo();
  assert.equal(await main(["completion", shell], io), 0, io.err());
  const script = join(folder.path, `moat-build.${shell}`);
  writeFileSync(script, io.out());
  writeFileSync(join(folder.path, "Dockerfile.web"), "");
  mkdirSync(join(folder.path, "context-of-it"));
  return { folder, script };
}

for (const [shell, complete] of Object.entries(SHELLS)) {
  daemonTest(
    `moat-build completion ${shell} completes command lines`,
    async (environment, context) => {
      const { folder, script } = await prepare(shell);
      await using _folder = folder;
      for (const [line, offered, not = []] of LINES) {
        await context.step(line, async () => {
          const offers = (await complete(environment, folder.path, script, line))
            .map((offer) => offer.trim().replace(/\/$/, ""));
          for (const offer of offered) assert(offers.includes(offer), `${offer}: ${offers}`);
          for (const offer of not) assert(!offers.includes(offer), `${offer}: ${offers}`);
        });
      }
    },
  );
}

Deno.test("readCommandTree() finds the flags that build is parsed by", async () => {
  const root = await readCommandTree(main, fakeIo());
  const build = root.verbs.find(({ path }) => path[0] === "build")!;
  const found = flagsOf(build).map(({ name, short, value }) => [name, { short, value }]);
  const table = Object.entries<FlagTable[string]>(BUILD_FLAGS)
    .map(([name, { short, value }]) => [name, { short, value }]);
  assert.deepEqual(found, table);
});

Deno.test("readCommandTree() finds verbs, also those of verbs", async () => {
  const root = await readCommandTree(main, fakeIo());
  const verbs = (name: string) =>
    root.verbs.find(({ path }) => path[0] === name)!.verbs.map(({ path }) => path.at(-1));
  assert.deepEqual(verbs("context"), ["ls"]);
  assert.deepEqual(verbs("sidecar"), ["start", "status", "stop", "logs", "rm", "gc"]);
  assert(verbs("history").includes("export"));
  assert.deepEqual(verbs("build"), []);
});

Deno.test("moat-build completion says what shells there are", async () => {
  for (const argv of [[], ["tcsh"], ["bash", "zsh"]]) {
    const io = fakeIo();
    assert.equal(await main(["completion", ...argv], io), 2);
    assert.match(io.err(), /Known: bash, zsh, fish/);
  }
});
