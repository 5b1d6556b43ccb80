import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { serveAgent } from "../../src/ssh/agent_protocol.ts";
import { string } from "../../src/ssh/wire.ts";
import { TestConnection } from "./connections.ts";

const LIST = string(Uint8Array.of(11));
const SIGN = string(Uint8Array.of(13, 1, 2, 3));
const REPLY = Uint8Array.of(12, 0, 0, 0, 0);
const FAILURE = string(Uint8Array.of(5));

/** What a client gets for these bytes, and the requests that reach the agent. */
async function served(...chunks: Uint8Array[]): Promise<{ answers: string; requests: number[][] }> {
  const connection = new TestConnection();
  const requests: number[][] = [];
  connection.send(...chunks);
  connection.end();
  await serveAgent(connection, (request) => {
    requests.push([...request]);
    return REPLY;
  });
  return { answers: hex(connection.received), requests };
}

const hex = (...parts: Uint8Array[]): string => Buffer.concat(parts).toString("hex");

Deno.test("serveAgent() passes on requests to list and to sign", async () => {
  const { answers, requests } = await served(LIST, SIGN);
  assert.equal(answers, hex(string(REPLY), string(REPLY)));
  assert.deepEqual(requests, [[11], [13, 1, 2, 3]]);
});

Deno.test("serveAgent() fails every other request, and goes on", async () => {
  for (let type = 0; type < 256; type++) {
    if (type === 11 || type === 13) continue;
    const { answers, requests } = await served(string(Uint8Array.of(type, 9)), LIST);
    assert.equal(answers, hex(FAILURE, string(REPLY)), `type ${type}`);
    assert.deepEqual(requests, [[11]]);
  }
  assert.equal((await served(string(Uint8Array.of(11, 0)))).answers, hex(FAILURE));
});

Deno.test("serveAgent() takes messages however they are cut", async () => {
  const bytes = Buffer.concat([LIST, SIGN, LIST]);
  const expected = hex(string(REPLY), string(REPLY), string(REPLY));
  assert.equal((await served(bytes)).answers, expected);
  const single = [...bytes].map((byte) => Uint8Array.of(byte));
  assert.equal((await served(...single)).answers, expected);
});

Deno.test("serveAgent() takes the longest message, and ends at a longer one", async () => {
  const longest = new Uint8Array(256 * 1024).fill(13);
  assert.deepEqual((await served(string(longest))).requests.map(({ length }) => length), [262144]);
  const { answers, requests } = await served(LIST, Uint8Array.of(0, 4, 0, 1, 13), LIST);
  assert.equal(answers, hex(string(REPLY)));
  assert.equal(requests.length, 1);
});

Deno.test("serveAgent() ends at what is no message, and within one", async () => {
  const http = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");
  for (
    const garbage of [http, Uint8Array.of(0, 0, 0, 0), LIST.subarray(0, 3), LIST.subarray(0, 4)]
  ) {
    assert.deepEqual(await served(garbage), { answers: "", requests: [] });
  }
});
