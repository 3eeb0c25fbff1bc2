import { inflateSync } from "node:zlib";

/**
 * The text of a PDF that Chromium has written, in the order in which it is painted. Its fonts are named for their
 * objects, and each has a map from the codes in the pages to characters.
 */
export function pdfText(pdf: Buffer): string {
  const objects = objectsOf(pdf);
  const maps = new Map<string, Map<string, string>>();
  for (const [number, { dictionary }] of objects) {
    const [, map = ""] = /\/ToUnicode (\d+) 0 R/.exec(dictionary) ?? [];
    const stream = objects.get(map)?.stream;
    if (stream !== undefined) {
      maps.set(number, characterMap(stream));
    }
  }
  return [...objects.values()]
    .filter(({ stream = "" }) => /\bBT\b/.test(stream))
    .map(({ stream = "" }) => paintedText(stream, maps))
    .join("\n");
}

interface PdfObject {
  dictionary: string;
  /** Its content, unpacked. */
  stream?: string;
}

function objectsOf(pdf: Buffer): Map<string, PdfObject> {
  const text = pdf.toString("latin1");
  const objects = new Map<string, PdfObject>();
  for (const { 0: head, 1: number = "", index } of text.matchAll(/^(\d+) 0 obj\s/gm)) {
    const end = text.indexOf("endobj", index);
    const dictionary = text.slice(index + head.length, end).split(/\bstream\r?\n/)[0] ?? "";
    const [, length] = /\/Length (\d+)/.exec(dictionary) ?? [];
    if (length === undefined) {
      objects.set(number, { dictionary });
      continue;
    }
    const start = text.indexOf("\n", text.indexOf("stream", index + head.length + dictionary.length)) + 1;
    const bytes = pdf.subarray(start, start + Number(length));
    const stream = dictionary.includes("/FlateDecode") ? inflateSync(bytes) : bytes;
    objects.set(number, { dictionary, stream: stream.toString("latin1") });
  }
  return objects;
}

/** Maps the codes of a font, in hexadecimal, to characters. */
function characterMap(stream: string): Map<string, string> {
  const map = new Map<string, string>();
  const character = (hex: string) => Buffer.from(hex, "hex").swap16().toString("utf16le");
  for (const [, chars = ""] of stream.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code = "", to = ""] of chars.matchAll(/<(\w+)>\s*<(\w+)>/g)) {
      map.set(code.toUpperCase(), character(to));
    }
  }
  for (const [, ranges = ""] of stream.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from = "", to = "", first = ""] of ranges.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      for (let code = Number.parseInt(from, 16); code <= Number.parseInt(to, 16); code++) {
        const at = Number.parseInt(first, 16) + code - Number.parseInt(from, 16);
        map.set(code.toString(16).toUpperCase().padStart(from.length, "0"), String.fromCodePoint(at));
      }
    }
  }
  return map;
}

function paintedText(stream: string, maps: Map<string, Map<string, string>>): string {
  let map = new Map<string, string>();
  let text = "";
  for (const [, font, codes = ""] of stream.matchAll(/\/F(\d+) [\d.]+ Tf|<([\dA-Fa-f]+)>/g)) {
    if (font !== undefined) {
      map = maps.get(font) ?? new Map();
      continue;
    }
    const [length = 4] = [...map.keys()].map((code) => code.length);
    for (let at = 0; at < codes.length; at += length) {
      text += map.get(codes.slice(at, at + length).toUpperCase()) ?? "";
    }
  }
  return text;
}
