import assert from "node:assert/strict";
import { encodeHeaders, type HeaderField, HpackDecoder } from "../../../src/rpc/http2/hpack.ts";
import { decodeHuffman } from "../../../src/rpc/http2/huffman.ts";

const LIMIT = 1 << 20;

/** RFC 7541, Appendix C.2 to C.6: each list is one connection, each string one block. */
const APPENDIX_C: Array<[string, Array<[string, HeaderField[]]>]> = [
  ["C.2.1 literal with indexing", [[
    "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
    [["custom-key", "custom-header"]],
  ]]],
  ["C.2.2 literal without indexing", [[
    "040c2f73616d706c652f70617468",
    [[":path", "/sample/path"]],
  ]]],
  ["C.2.3 literal never indexed", [[
    "100870617373776f726406736563726574",
    [["password", "secret"]],
  ]]],
  ["C.2.4 indexed", [["82", [[":method", "GET"]]]]],
  [
    "C.3 requests without Huffman",
    requests([
      "828684410f7777772e6578616d706c652e636f6d",
      "828684be58086e6f2d6361636865",
      "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ]),
  ],
  [
    "C.4 requests with Huffman",
    requests([
      "828684418cf1e3c2e5f23a6ba0ab90f4ff",
      "828684be5886a8eb10649cbf",
      "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ]),
  ],
];

/** C.5 and C.6 have a table of 256 bytes, so that entries are evicted. */
const RESPONSES: Array<[string, string[]]> = [
  ["C.5 responses without Huffman", [
    "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54" +
    "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
    "4803333037c1c0bf",
    "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f" +
    "3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b207665" +
    "7273696f6e3d31",
  ]],
  ["C.6 responses with Huffman", [
    "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad1718" +
    "63c78f0b97c8e9ae82ae43d3",
    "4883640effc1c0bf",
    "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335" +
    "dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
  ]],
];

function requests(blocks: string[]): Array<[string, HeaderField[]]> {
  const authority: HeaderField = [":authority", "www.example.com"];
  const start: HeaderField[] = [[":method", "GET"], [":scheme", "http"], [":path", "/"]];
  return [
    [blocks[0]!, [...start, authority]],
    [blocks[1]!, [...start, authority, ["cache-control", "no-cache"]]],
    [blocks[2]!, [
      ...[[":method", "GET"], [":scheme", "https"], [":path", "/index.html"]] as HeaderField[],
      authority,
      ["custom-key", "custom-value"],
    ]],
  ];
}

for (const [name, blocks] of APPENDIX_C) {
  Deno.test(`HpackDecoder reads ${name}`, () => {
    const decoder = new HpackDecoder(LIMIT);
    for (const [block, fields] of blocks) assert.deepEqual(decoder.decode(hex(block)), fields);
  });
}

for (const [name, blocks] of RESPONSES) {
  Deno.test(`HpackDecoder reads ${name}, entries evicted`, () => {
    const decoder = new HpackDecoder(LIMIT);
    // A table size update to 256, as the examples assume.
    decoder.decode(hex("3fe101"));
    const [first, second, third] = blocks.map((block) => decoder.decode(hex(block)));
    const location: HeaderField = ["location", "https://www.example.com"];
    const date: HeaderField = ["date", "Mon, 21 Oct 2013 20:13:21 GMT"];
    const rest: HeaderField[] = [["cache-control", "private"], date, location];
    assert.deepEqual(first, [[":status", "302"], ...rest]);
    assert.deepEqual(second, [[":status", "307"], ...rest]);
    assert.deepEqual(third, [
      [":status", "200"],
      ["cache-control", "private"],
      ["date", "Mon, 21 Oct 2013 20:13:22 GMT"],
      location,
      ["content-encoding", "gzip"],
      ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
    ]);
    // The table holds just three entries now: index 65 is none.
    assert.throws(() => decoder.decode(hex("c1")), /no entry 65/);
  });
}

Deno.test("HpackDecoder empties its table for an entry that is larger than the table", () => {
  const decoder = new HpackDecoder(LIMIT);
  decoder.decode(hex("400161016b"));
  assert.deepEqual(decoder.decode(hex("be")), [["a", "k"]]);
  const value = "x".repeat(5_000);
  const large = encodeHeaders([["b", value]]);
  large[0] = 0x40;
  assert.deepEqual(decoder.decode(large), [["b", value]]);
  assert.throws(() => decoder.decode(hex("be")), /no entry 62/);
});

Deno.test("HpackDecoder reads what encodeHeaders() writes", () => {
  const fields: HeaderField[] = [0, 1, 126, 127, 128, 254, 255, 16_383, 20_000].map((length) => [
    "n".repeat(Math.max(length, 1)),
    "\xff".repeat(length),
  ]);
  assert.deepEqual(new HpackDecoder(LIMIT).decode(encodeHeaders(fields)), fields);
});

const MALFORMED: Array<[string, string]> = [
  ["index 0", "80"],
  ["an index past the static table", "be"],
  ["an index far past the table", "ffffffff07"],
  ["an integer that is too large", "ffffffffff7f"],
  ["an integer without end", "ff80808080808080808080"],
  ["an integer that is cut", "ff"],
  ["a name that is cut", "400a6375"],
  ["a value that is missing", "400161"],
  ["a value that is cut", "40016105"],
  ["a table above what we allow", "3fe27f"],
  ["padding of eight ones", "400161821fff"],
  ["padding of zeros", "4001618118"],
  ["the end-of-string code", "40016184ffffffff"],
];

for (const [what, block] of MALFORMED) {
  Deno.test(`HpackDecoder refuses ${what}`, () => {
    assert.throws(() => new HpackDecoder(LIMIT).decode(hex(block)), { name: "ProtocolError" });
  });
}

Deno.test("HpackDecoder bounds what one block may grow to", () => {
  // One entry of 4,000 bytes, then a byte for each repetition of it.
  const entry = encodeHeaders([["b", "x".repeat(4_000)]]);
  entry[0] = 0x40;
  const bomb = new Uint8Array(entry.length + 10_000).fill(0xbe);
  bomb.set(entry);
  assert.throws(() => new HpackDecoder(LIMIT).decode(bomb), /header list is too large/);
});

Deno.test("HpackDecoder throws nothing but a ProtocolError on random blocks", () => {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 16;
  for (let i = 0; i < 5_000; i++) {
    const block = Uint8Array.from({ length: random() % 60 }, () => random() & 0xff);
    try {
      new HpackDecoder(LIMIT).decode(block);
    } catch (error) {
      assert.equal((error as Error).name, "ProtocolError");
    }
  }
});

/** Every byte once, as Go's golang.org/x/net/http2/hpack writes it. */
const ALL_SYMBOLS =
  "ffc7fffd8fffffe2fffffe3fffffe4fffffe5fffffe6fffffe7fffffe8ffffeafffffff3fffffa7fffffabffffff" +
  "dfffffebfffffecfffffedfffffeefffffefffffff0ffffff1ffffff2fffffffbfffffcffffffd3fffffd7fffffd" +
  "bfffffdffffffe3fffffe7fffffebfffffed4fe3f9ffaffcabf1febfafefe7fdfd2cbb00089969b71d79fb9f7fff" +
  "20ffbff3ff50ddbd7f061c58f265cd9f469d5af66dddbf871e5f9cff7ff7fffc3ff9ffe45fff4719242cb34e6e9d" +
  "68a6a3d7dac426defe3cfaf7fffbfe7ffbffdffffffcfffe6ffff4bfff9ffffa3fffd3ffff53fffd5ffffb3fffeb" +
  "7fffdaffffb7ffff73fffeeffffdeffffebffffbfffffd9ffffdbfffebffffe0ffffeeffffc3ffff8bffff1ffffe" +
  "4fffee7fffb1ffff97fffd9ffffcdffff9fffffbffffdafffeeffff4ffffb7fffee7fffe8ffffd3fffdeffffd5ff" +
  "feeffffbdffffe1fffdfffff7fffff5ffffecffff07fff87fffe0ffff17fffedffff87ffff77fffeffffeaffff8b" +
  "fffe3ffff93ffff87fffcbffff37ffff1fffff83ffffe1fffebfffe3ffff3fffff2ffffa3ffffd9fffff17ffffc7" +
  "fffff27ffffdefffffbffffff2fffff8fffffb7fff97fff8fffffe6fffffc1fffff87ffffe7fffffc5ffffe5fffe" +
  "4ffff2fffffd1fffff4ffffffefffffe3fffffc9fffff97fffb3ffffcffffb7fffcdffff4ffff9ffffd1ffffcfff" +
  "feaffffafffffddffffeffffff4fffff5fffffabffffa7ffffd7fffff9bffffecfffffb7fffff3fffffe8fffffd3" +
  "fffffabfffff5fffffff7ffffecfffffdbfffffbbfffff7ffffff0fffffbbf";

Deno.test("decodeHuffman() reads all 256 symbols", () => {
  const all = String.fromCharCode(...Array(256).keys());
  assert.equal(decodeHuffman(hex(ALL_SYMBOLS)), all);
  assert.equal(decodeHuffman(new Uint8Array()), "");
});

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
