/**
 * Runs real builds in tmux and saves what is on the screen at several moments: `deno run -A tests/progress/capture.ts`
 * writes `docs/captures/`. It starts a builder of its own, and needs tmux.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startBuildkitd } from "../support/buildkitd.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { installTools } from "../support/tools.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const CAPTURES = join(REPOSITORY, "docs/captures");

const DOCKERFILE = String.raw`FROM scratch AS deps
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "/bin"]
RUN for i in $(seq 40); do echo "fetching package $i of 40 日本語 📦"; sleep 0.1; done
FROM deps as test
RUN for i in $(seq 30); do printf 'test %s ... \033[32mok\033[0m\n' $i; sleep 0.2; done
FROM deps AS build
COPY . /src
RUN for i in $(seq 100); do printf '\rcompiling %s%%' $i; sleep 0.04; done; echo; printf '\033]0;evil title\007\033[2J\033[3Aall compiled\n'
FROM scratch
COPY --from=build /src/busybox /bin/app
COPY --from=test /bin/busybox /bin/tested
`;

/** A tmux server with one window, in which a shell runs. */
class TmuxWindow implements Disposable {
  readonly #socket = `moat-build-${process.pid}`;

  constructor(columns: number, rows: number, cwd: string, env: Record<string, string>) {
    const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const size = ["-x", String(columns), "-y", String(rows)];
    const shell = "PS1='$ ' exec sh -i";
    this.#tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", cwd, ...variables, shell);
    this.#tmux("select-pane", "-T", "unchanged");
    this.type(`alias moat-build='${Deno.execPath()} run -A ${REPOSITORY}cli.ts'`);
  }

  type(line: string): void {
    this.#tmux("send-keys", "-l", line);
    this.key("Enter");
  }

  key(name: string): void {
    this.#tmux("send-keys", name);
  }

  /** What is on the screen, and whether anything besides it was touched. */
  capture(name: string): string {
    const state = this.#tmux(
      "display-message",
      "-p",
      "cursor shown: #{cursor_flag}, title: #{pane_title}",
    );
    const screen = this.#tmux("capture-pane", "-p").trimEnd();
    return `=== ${name} (${state.trim()})\n${screen}\n`;
  }

  [Symbol.dispose](): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: string[]): string {
    return execFileSync("tmux", ["-L", this.#socket, ...args], { encoding: "utf8" });
  }
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

async function watch(view: TmuxWindow, times: readonly number[]): Promise<string> {
  let text = "";
  let last = 0;
  for (const time of times) {
    await pause(time - last);
    last = time;
    text += view.capture(`after ${time} s`);
  }
  return text;
}

async function main(): Promise<void> {
  const tools = await installTools();
  await using daemon = await startBuildkitd({ tools });
  await using folder = tempFolder();
  const context = join(folder.path, "app");
  mkdirSync(context);
  mkdirSync(CAPTURES, { recursive: true });
  copyFileSync(tools.busybox, join(context, "busybox"));
  writeFileSync(join(context, "Dockerfile"), DOCKERFILE);
  const env = { BUILDKIT_HOST: daemon.address, LC_ALL: "C.UTF-8" };
  const build = "moat-build build --no-cache -t example/app:1 .";
  const cases: [name: string, size: [number, number], times: number[]][] = [
    ["tty", [100, 40], [2, 4, 6, 8, 10, 14]],
    ["small", [50, 10], [2, 4, 6, 8, 10, 14]],
  ];
  for (const [name, [columns, rows], times] of cases) {
    using view = new TmuxWindow(columns, rows, context, env);
    view.type(`clear; ${build}`);
    writeFileSync(join(CAPTURES, `${name}.txt`), await watch(view, times));
  }
  using view = new TmuxWindow(100, 30, context, env);
  view.type(`clear; ${build}`);
  let text = await watch(view, [3]);
  view.key("C-c");
  text += await watch(view, [2]);
  view.type(`clear; ${build} 2>&1 | tail -n 12`);
  text += await watch(view, [16]);
  writeFileSync(join(CAPTURES, "cancel_and_pipe.txt"), text);
}

await main();
