import assert from "node:assert/strict";
import { parseBuilderAddress } from "../../src/connect/builder_address.ts";
import { commandOf } from "../../src/connect/command.ts";
import { OptionError } from "../../src/errors.ts";

const container = (name: string, context?: string) => ({ container: name, context });
const pod = (name: string, more: object = {}) => {
  return { pod: name, context: undefined, namespace: undefined, container: undefined, ...more };
};
const host = (name: string, more: object = {}) => {
  return { user: undefined, host: name, port: undefined, socket: undefined, ...more };
};

const GOOD: Array<[text: string, address: object]> = [
  ["tcp://buildkit:1234", { host: "buildkit", port: 1234 }],
  ["unix:///run/buildkitd.sock", { path: "/run/buildkitd.sock" }],
  ["docker-container://buildkitd", container("buildkitd")],
  ["docker-container://Build_kit.d-0/", container("Build_kit.d-0")],
  ["docker-container://b?context=my%20host", container("b", "my host")],
  ["docker-container://b?context=", container("b")],
  ["podman-container://b", container("b")],
  ["kube-pod://b-0", pod("b-0")],
  [
    "kube-pod://b-0?context=me@cluster:6443&namespace=ci&container=d",
    pod("b-0", { context: "me@cluster:6443", namespace: "ci", container: "d" }),
  ],
  ["ssh://build.example", host("build.example")],
  ["ssh://me@build:22", host("build", { user: "me", port: 22 })],
  ["ssh://build/run/b d.sock", host("build", { socket: "/run/b d.sock" })],
  ["ssh://[::1]:22/", host("::1", { port: 22 })],
];

for (const [text, expected] of GOOD) {
  Deno.test(`parseBuilderAddress() reads ${text}`, () => {
    const scheme = text.slice(0, text.indexOf(":"));
    assert.deepEqual(parseBuilderAddress(text), { scheme, text, ...expected });
  });
}

const BAD: Array<[text: string, problem: RegExp]> = [
  ["buildkit", /has no scheme/],
  ["http://buildkit:1234", /scheme http, which is not known/],
  ["nerdctl-container://b", /scheme nerdctl-container, which is not known/],
  ["docker-container://", /names no container/],
  ["docker-container://-v", /names no container/],
  ["docker-container://a b", /names no container/],
  ["docker-container://a/b", /more than a name/],
  ["docker-container://a?ctx=b", /parameter ctx, which is not known/],
  ["docker-container://a?context=-H", /a context that can't be/],
  ["docker-container://a?context=b%0Ac", /a context that can't be/],
  ["podman-container://a?context=b", /parameter context, which is not known/],
  ["kube-pod://", /names no pod/],
  ["kube-pod://Pod", /the pod "Pod", which Kubernetes does not allow/],
  ["kube-pod://--help", /the pod "--help"/],
  ["kube-pod://p?namespace=a/b", /the namespace "a\/b"/],
  ["kube-pod://p?container=$(x)", /the container/],
  ["kube-pod://p?context=--kubeconfig", /a context that can't be/],
  ["ssh://", /is not ssh:/],
  ["ssh://-oProxyCommand=x", /is not ssh:/],
  ["ssh://-l@host", /is not ssh:/],
  ["ssh://me:secret@host", /is not ssh:/],
  ["ssh://host?x=1", /is not ssh:/],
  ["ssh://host#x", /is not ssh:/],
  ["ssh://ho st", /is not ssh:/],
];

for (const [text, problem] of BAD) {
  Deno.test(`parseBuilderAddress() refuses "${text}"`, () => {
    assert.throws(() => parseBuilderAddress(text, "BUILDKIT_HOST"), (error) => {
      assert(error instanceof OptionError);
      assert.equal(error.option, "BUILDKIT_HOST");
      assert.match(error.message, problem);
      return true;
    });
  });
}

const COMMANDS: Array<[text: string, command: string]> = [
  ["ssh://build", "ssh -T -- build buildctl dial-stdio"],
  ["ssh://me@build:22", "ssh -T -l me -p 22 -- build buildctl dial-stdio"],
  ["ssh://build/run/b.sock", "ssh -T -- build buildctl --addr unix:///run/b.sock dial-stdio"],
  [
    "ssh://build/a'$(x) .sock",
    "ssh -T -- build buildctl --addr 'unix:///a'\\''$(x) .sock' dial-stdio",
  ],
  ["kube-pod://p", "kubectl exec -i p -- buildctl dial-stdio"],
  [
    "kube-pod://p?context=c&namespace=n&container=d",
    "kubectl --context=c --namespace=n exec --container=d -i p -- buildctl dial-stdio",
  ],
];

for (const [text, expected] of COMMANDS) {
  Deno.test(`commandOf() makes the command for ${text}`, () => {
    const address = parseBuilderAddress(text);
    assert(address.scheme === "ssh" || address.scheme === "kube-pod");
    const { program, args } = commandOf(address);
    assert.equal([program, ...args].join(" "), expected);
  });
}
