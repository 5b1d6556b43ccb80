import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { exchange } from "../../src/docker/exchange.ts";
import { ProtocolError } from "../../src/errors.ts";

/** A socket whose other side says these pieces, one at a time, once it was spoken to. */
function answering(...pieces: Array<string | null>): Duplex & { sent: string } {
  let sent = "";
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      sent += chunk;
      done();
      for (const piece of pieces) socket.push(piece);
    },
  });
  return Object.defineProperty(socket, "sent", { get: () => sent }) as Duplex & { sent: string };
}

const UPGRADE = {
  method: "POST",
  path: "/session",
  headers: { a: ["1", "2, 3"], upgrade: "h2c" },
} as const;
const HEAD = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

Deno.test("exchange() sends each value of a header on its own line", async () => {
  const socket = answering(HEAD);
  await exchange(socket, UPGRADE);
  assert.equal(
    socket.sent,
    "POST /session HTTP/1.1\r\nhost: docker\r\nuser-agent: moat-build\r\na: 1\r\na: 2, 3\r\nupgrade: h2c\r\n\r\n",
  );
});

const SPLITS: Array<[what: string, pieces: string[]]> = [
  ["in the same packet", [`${HEAD}frames`]],
  ["in packets of one byte", [...`${HEAD}frames`]],
  ["split within the empty line", [HEAD.slice(0, -2), `${HEAD.slice(-2)}frames`]],
];

for (const [what, pieces] of SPLITS) {
  Deno.test(`exchange() keeps what follows the head ${what}`, async () => {
    const socket = answering(...pieces, null);
    const { status, headers } = await exchange(socket, UPGRADE);
    assert.equal(status, 101);
    assert.equal(headers.get("upgrade"), "h2c");
    let rest = "";
    for await (const chunk of socket) rest += chunk;
    assert.equal(rest, "frames");
  });
}

const WRONG: Array<[what: string, pieces: Array<string | null>, message: RegExp]> = [
  ["another protocol", ["SSH-2.0-OpenSSH_9.2\r\n\r\n"], /does not speak HTTP: "SSH-2\.0/],
  ["silence", [null], /hung up without an answer/],
  ["an endless head", [`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(20_000)}`], /too long/],
];

for (const [what, pieces, message] of WRONG) {
  Deno.test(`exchange() refuses ${what}`, async () => {
    await assert.rejects(exchange(answering(...pieces), UPGRADE), (error) => {
      assert(error instanceof ProtocolError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("exchange() rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const waiting = exchange(answering(), UPGRADE, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
});

Deno.test("exchange() does not wait for ever", async () => {
  await assert.rejects(
    exchange(answering(), UPGRADE, { timeoutMs: 10 }),
    /^TimeoutError: it did not answer within 10 ms$/,
  );
});
