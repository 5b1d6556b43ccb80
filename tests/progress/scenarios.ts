/** The builds whose status streams are recorded. */
import type { BuildOptions, VirtualFiles } from "../../src/types.ts";

/** A build to be recorded. */
export interface Scenario {
  readonly name: string;
  readonly options: BuildOptions;
  /** Canceled as soon as a step prints this. */
  readonly cancelAt?: string;
}

const BASE = `FROM scratch AS base
COPY busybox /bin/busybox
RUN ["/bin/busybox","--install","/bin"]
`;

const SUCCESS = `${BASE}
FROM base as build
WORKDIR /src
COPY blob.bin app.sh extra.txt ./
COPY --chmod=755 tool.sh <<A /tools/
text of a file
A
RUN sh app.sh && echo warn >&2
RUN --mount=type=cache,target=/cache echo "ä€😀" > out.txt; cat out.txt

FROM scratch
MAINTAINER nobody
COPY --from=build /src/out.txt /out.txt
COPY --from=build --link /tools /tools
CMD echo
`;

const FAILURE = `${BASE}
FROM base AS bad
RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; sleep 1; echo fatal: no such thing >&2; exit 3
FROM base AS slow
RUN echo waiting; sleep 30
FROM scratch
COPY --from=bad / /
COPY --from=slow / /
`;

const OUTPUT = String.raw`${BASE}
RUN printf '\033[32mgreen\033[0m plain \033[1;31mleft open\n'; printf 'up\033[3A\033[2Kline\n\033]0;title\007after title\n'; printf '10%%\r'; sleep 0.3; printf '50%%\r'; sleep 0.3; printf '100%%\n'; printf 'crlf\r\n'
RUN printf 'half '; sleep 0.7; printf 'a line \342'; sleep 0.3; printf '\202\254 more'; sleep 0.7; printf ' end\n#1 DONE 0.0s\nno newline at end'
`;

const PARALLEL = `${BASE}
FROM base AS one
RUN for i in $(seq 16); do echo one $i; sleep 0.5; done
FROM base AS two
RUN for i in $(seq 8); do echo two $i; sleep 1; done
FROM base AS three
RUN echo three; sleep 9; echo three ends
FROM scratch
COPY --from=one /bin/busybox /1
COPY --from=two /bin/busybox /2
COPY --from=three /bin/busybox /3
`;

const PLATFORMS = `FROM scratch
ARG TARGETPLATFORM
COPY busybox /bin/$TARGETPLATFORM/busybox
ENV A b
`;

const CANCEL = `${BASE}RUN echo begun; sleep 60\n`;

/** Two hundred steps in ten stages that run side by side. */
function many(): string {
  const stages = Array.from({ length: 10 }, (_, stage) => {
    const runs = Array.from({ length: 20 }, (_, i) => `RUN echo step ${i} of stage ${stage}\n`);
    return `FROM base AS s${stage}\n${runs.join("")}`;
  });
  const copies = stages.map((_, stage) => `COPY --from=s${stage} /bin/busybox /${stage}\n`);
  return `${BASE}${stages.join("")}FROM scratch\n${copies.join("")}`;
}

/** All of them, in the order in which they are to be built; `busybox` is the program's content. */
export function scenarios(busybox: Uint8Array): Scenario[] {
  const files: VirtualFiles = {
    "busybox": { content: busybox, mode: 0o755 },
    "app.sh": "echo one\necho two\nsleep 0.3\necho three\n",
    "extra.txt": "extra\n",
    "tool.sh": "echo tool\n",
    "blob.bin": noise(3_000_000),
  };
  const make = (name: string, dockerfile: string, more: BuildOptions = {}) => {
    return { name, options: { context: files, dockerfile, tags: [`recorded/${name}`], ...more } };
  };
  return [
    make("success", SUCCESS),
    make("cached", SUCCESS),
    make("failure", FAILURE),
    make("output", OUTPUT),
    make("parallel", PARALLEL),
    make("platforms", PLATFORMS, { platforms: ["linux/amd64", "linux/arm64"] }),
    { ...make("cancel", CANCEL), cancelAt: "begun" },
    make("many", many()),
  ];
}

/** Bytes that don't compress, the same each time. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48271) % 0x7fffffff;
    return state >> 8;
  });
}
