import assert from "node:assert/strict";
import { checkClassicDockerfile } from "../../src/docker/classic_check.ts";
import { baseImages, parseDockerfile } from "../../src/docker/dockerfile.ts";

Deno.test("parseDockerfile() reads instructions with their flags and lines", () => {
  const text = "# syntax=x\nFROM a AS b\n\nrun --mount=type=cache,target=/x --network=none \\\n" +
    "  # a comment\n\n  echo hi\nONBUILD COPY --link a b\n";
  assert.deepEqual(parseDockerfile(text), [
    { name: "FROM", flags: [], args: "a AS b", line: 2, heredoc: false },
    {
      name: "RUN",
      flags: [{ name: "mount", value: "type=cache,target=/x" }, { name: "network", value: "none" }],
      args: "echo hi",
      line: 4,
      heredoc: false,
    },
    { name: "COPY", flags: [{ name: "link", value: "" }], args: "a b", line: 8, heredoc: false },
  ]);
});

Deno.test("parseDockerfile() knows another escape character", () => {
  const [from, run] = parseDockerfile("# escape=`\nFROM a\nRUN dir `\n  c:\\\nRUN x\n");
  assert.equal(from!.args, "a");
  assert.match(run!.args, /^dir\s+c:\\$/);
});

Deno.test("parseDockerfile() steps over here-documents", () => {
  const instructions = parseDockerfile(
    "FROM a\nRUN <<EOF cat <<-'END'\nFROM b\nEOF\nRUN --mount=x\n\tEND\nCOPY a b\n",
  );
  assert.deepEqual(instructions.map(({ name, line, heredoc }) => [name, line, heredoc]), [
    ["FROM", 1, false],
    ["RUN", 2, true],
    ["COPY", 7, false],
  ]);
});

const IMAGES: Array<[what: string, text: string, images: string[]]> = [
  ["base images once", "FROM a\nFROM b:1 AS x\nFROM a", ["a", "b:1"]],
  ["no stages, numbers or scratch", "FROM a AS X\nFROM x\nCOPY --from=0 / /\nFROM scratch", ["a"]],
  ["images to copy from", "FROM scratch\nCOPY --from=r.io/t:2 / /", ["r.io/t:2"]],
  ["images to mount", "FROM a\nRUN --mount=from=b x", ["a"]],
  ["platform flags", "FROM --platform=$BUILDPLATFORM a", ["a"]],
  ["ARGs", 'ARG V=1\nARG R="r.io"\nFROM $R/a:${V}', ["r.io/a:1"]],
  ["given ARGs", "ARG BASE=a\nARG BARE\nFROM $BASE\nFROM ${BARE:-c}", ["given", "c"]],
  ["nothing that is not known", "FROM $UNKNOWN", []],
];

for (const [what, text, images] of IMAGES) {
  Deno.test(`baseImages() finds ${what}`, () => {
    assert.deepEqual(baseImages(parseDockerfile(text), { BASE: "given" }), images);
  });
}

const REFUSED: Array<[line: string, message: RegExp]> = [
  ["RUN --mount=type=secret,id=x cat /x", /RUN --mount \(a secret, line 2\) needs BuildKit/],
  ["RUN --mount=type=cache,target=/x true", /RUN --mount \(a cache mount, line 2\)/],
  ["RUN --mount=target=/x true", /RUN --mount \(a bind mount, line 2\)/],
  ["RUN --network=none true", /RUN --network/],
  ["RUN --security=insecure true", /RUN --security/],
  ["RUN <<EOF\ntrue\nEOF", /RUN with a here-document \(line 2\)/],
  ["COPY <<a /b\nx\na", /COPY with a here-document/],
  ["COPY --chmod=644 a b", /COPY --chmod/],
  ["COPY --link a b", /COPY --link/],
  ["COPY --parents a b", /COPY --parents/],
  ["COPY --exclude=x a b", /COPY --exclude/],
  ["ADD --checksum=sha256:0 a b", /ADD --checksum/],
  ["ONBUILD RUN --mount=target=/x true", /RUN --mount/],
];

for (const [line, message] of REFUSED) {
  Deno.test(`checkClassicDockerfile() refuses ${line.split("\n")[0]}`, () => {
    assert.throws(() => checkClassicDockerfile(parseDockerfile(`FROM a\n${line}\n`)), message);
  });
}

Deno.test("checkClassicDockerfile() takes what the classic builder can do", () => {
  const text = "FROM a\nCOPY --chown=1:1 --from=0 a b\nRUN echo a << 1; echo '<<EOF'\n" +
    'RUN ["cat", "<<EOF"]\nHEALTHCHECK --interval=5s CMD x\n';
  checkClassicDockerfile(parseDockerfile(text));
});
