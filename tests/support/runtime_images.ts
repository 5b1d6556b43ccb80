/** Base images of languages, made from what this machine has installed and pushed to the test registry. */
import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { build } from "../../mod.ts";
import type { BuildOptions, VirtualFile, VirtualFiles } from "../../src/types.ts";
import type { TestEnvironment } from "./env.ts";
import { run, runOk } from "./process.ts";
import { programFiles } from "./sidecar_image.ts";
import { find } from "./tools.ts";

/** A program in a language, to be built on the base image of that language. */
export interface RuntimeImage {
  readonly name: string;
  /** The base image. */
  readonly base: string;
  /** The program and its Dockerfile, `FROM` the argument BASE. It prints `hello from` and the language. */
  readonly files: Readonly<Record<string, string>>;
}

const PYTHON_PACKAGES = ["python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"];

/** Makes the base images; a language that this machine does not have is left out, and `say` is told. */
export async function pushRuntimeImages(
  environment: TestEnvironment,
  say: (line: string) => void,
): Promise<RuntimeImage[]> {
  const images: RuntimeImage[] = [];
  for (const make of [python, node, go]) {
    const image = await make(environment);
    if (typeof image === "string") say(image);
    else images.push(image);
  }
  return images;
}

/** Debian's Python, from the files of its packages. */
async function python(environment: TestEnvironment): Promise<RuntimeImage | string> {
  const { code, stdout } = await run("dpkg", ["-L", ...PYTHON_PACKAGES]);
  const program = "/usr/bin/python3.11";
  if (code !== 0 || !existsSync(program)) return "Debian's python3.11 is not installed";
  const paths = stdout.split("\n").filter((path) => /^\/usr\/(bin|lib)\//.test(path));
  const files: Record<string, VirtualFile> = {};
  for (const path of paths) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) files[path.slice(1)] = { content: readFileSync(path), mode: 0o755 };
    if (stat?.isSymbolicLink()) files[path.slice(1)] = { symlink: readlinkSync(path) };
  }
  const base = await push(environment, "python", {
    context: { ...files, ...await programFiles(program) },
    dockerfile: "FROM scratch\nCOPY . /\n",
  });
  return {
    ...{ name: "python", base },
    files: {
      "app.py": `import json\nprint(json.loads('"hello from python"'))\n`,
      Dockerfile: `ARG BASE
FROM \${BASE}
WORKDIR /app
COPY app.py .
RUN ["${program}", "-m", "py_compile", "app.py"]
CMD ["${program}", "app.py"]
`,
    },
  };
}

/** The Node.js that is installed, with its libraries. */
async function node(environment: TestEnvironment): Promise<RuntimeImage | string> {
  const program = find("node");
  if (program === undefined) return "Node.js is not installed";
  const base = await push(environment, "node", {
    context: await programFiles(program),
    dockerfile: "FROM scratch\nCOPY . /\n",
  });
  return {
    ...{ name: "node", base },
    files: {
      "app.mjs":
        `import { basename } from "node:path";\nconsole.log("hello from", basename("/x/node"));\n`,
      Dockerfile: `ARG BASE
FROM \${BASE}
WORKDIR /app
COPY app.mjs .
RUN ["${program}", "--check", "app.mjs"]
CMD ["${program}", "app.mjs"]
`,
    },
  };
}

/** The Go that is installed; its programs need nothing of it when they run. */
async function go(environment: TestEnvironment): Promise<RuntimeImage | string> {
  if (find("go") === undefined) return "Go is not installed";
  const root = (await runOk("go", ["env", "GOROOT"])).stdout.trim();
  const base = await push(environment, "go", {
    context: root,
    dockerfile: `FROM ${environment.baseImage}
COPY bin /go/bin
COPY pkg /go/pkg
COPY src /go/src
COPY go.env VERSION /go/
ENV PATH=/go/bin:/bin GOROOT=/go CGO_ENABLED=0 GOTOOLCHAIN=local HOME=/root
`,
  });
  return {
    ...{ name: "go", base },
    files: {
      "main.go":
        `package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("hello from go\\n") }\n`,
      "go.mod": "module moat.example/app\n\ngo 1.20\n",
      Dockerfile: `ARG BASE
FROM \${BASE} AS build
WORKDIR /app
COPY go.mod main.go ./
RUN go build -o /out/app .
FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
`,
    },
  };
}

async function push(
  { registry, address }: TestEnvironment,
  name: string,
  what: Pick<BuildOptions, "context" | "dockerfile">,
): Promise<string> {
  const image = `${registry}/moat/${name}:latest`;
  const output = { type: "image", push: true, insecure: true } as const;
  await build({ ...what, address, tags: [image], output });
  return image;
}

/** Files in folders of their own. */
export function inFolder(folder: string, files: Readonly<Record<string, string>>): VirtualFiles {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
  );
}
