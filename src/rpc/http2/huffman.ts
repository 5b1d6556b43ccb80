/**
 * HPACK's Huffman code (RFC 7541, 5.2 and Appendix B). The code is canonical, so the lengths of its 256 symbols are all there
 * is to know; a letter stands for a length, `A` for 5.
 */
import { ProtocolError } from "../../errors.ts";

const LENGTHS =
  "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCC" +
  "KGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWW" +
  "WWWXWWWWWV";
const SHORTEST = 5;

/** The decoding tree: two entries a node, for a 0 and a 1. Positive: the next node. Negative: ~symbol. */
let tree: Int16Array | undefined;

function buildTree(): Int16Array {
  const lengths = [...LENGTHS].map((letter) => letter.charCodeAt(0) - 65 + SHORTEST);
  const symbols = lengths.map((_, symbol) => symbol)
    .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const nodes = new Int16Array(2 * 512);
  let size = 1;
  let code = 0;
  let previous = SHORTEST;
  for (const symbol of symbols) {
    const length = lengths[symbol]!;
    code <<= length - previous;
    previous = length;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const at = 2 * node + ((code >>> bit) & 1);
      if (nodes[at] === 0) nodes[at] = size++;
      node = nodes[at]!;
    }
    nodes[2 * node + (code & 1)] = ~symbol;
    code++;
  }
  return nodes;
}

/** Decodes a Huffman-coded string of HPACK, as Latin-1. Throws a `ProtocolError` on bad padding. */
export function decodeHuffman(bytes: Uint8Array): string {
  const nodes = tree ??= buildTree();
  const symbols: number[] = [];
  let node = 0;
  let ones = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const value = (byte >>> bit) & 1;
      ones = value === 1 ? ones + 1 : 0;
      const next = nodes[2 * node + value]!;
      if (next < 0) {
        symbols.push(~next);
        node = 0;
        ones = 0;
      } else if (next === 0) {
        throw new ProtocolError("HPACK: a string holds the end-of-string code");
      } else {
        node = next;
      }
    }
  }
  // What is left must be the first bits of the end-of-string code: fewer than eight ones.
  if (node !== 0 && (ones > 7 || !isPadding(nodes, node, ones))) {
    throw new ProtocolError("HPACK: a string has bad padding");
  }
  return latin1(symbols);
}

function isPadding(nodes: Int16Array, end: number, ones: number): boolean {
  let node = 0;
  for (let i = 0; i < ones; i++) node = nodes[2 * node + 1]!;
  return node === end;
}

const PIECE = 4_096;

/** Text of one character a byte. */
export function latin1(bytes: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) {
    const piece = Array.prototype.slice.call(bytes, i, i + PIECE) as number[];
    text += String.fromCharCode(...piece);
  }
  return text;
}
