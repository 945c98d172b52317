// A zip archive of texts, with their modes: nothing in it depends on the day.
"use strict";

const zip = (() => {
  const CRC = Uint32Array.from({ length: 256 }, (_, number) => {
    for (let bit = 0; bit < 8; bit += 1) {
      number = number & 1 ? (number >>> 1) ^ 0xedb88320 : number >>> 1;
    }
    return number;
  });
  const NEW_YEAR_1980 = 0x21;
  const UTF8_NAMES = 0x800;
  const DEFLATED = 8;
  const UNIX_2_0 = 0x314;

  function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
      sum = CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    }
    return ~sum >>> 0;
  }

  async function deflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Fields of two and four bytes, as [length, value] pairs. */
  function record(...fields) {
    const view = new DataView(new ArrayBuffer(fields.reduce((sum, [length]) => sum + length, 0)));
    let offset = 0;
    for (const [length, value] of fields) {
      length === 2 ? view.setUint16(offset, value, true) : view.setUint32(offset, value, true);
      offset += length;
    }
    return new Uint8Array(view.buffer);
  }

  function bytesOf({ base64, text }) {
    if (base64) {
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    }
    return new TextEncoder().encode(text);
  }

  /** The archive of a folder with the files of a project. */
  async function archive(folder, files) {
    const parts = [];
    const directory = [];
    let offset = 0;
    for (const file of files) {
      const name = new TextEncoder().encode(`${folder}/${file.path}`);
      const bytes = bytesOf(file);
      const content = await deflated(bytes);
      const common = [
        [2, 20],
        [2, UTF8_NAMES],
        [2, DEFLATED],
        [2, 0],
        [2, NEW_YEAR_1980],
        [4, crc(bytes)],
        [4, content.length],
        [4, bytes.length],
        [2, name.length],
        [2, 0],
      ];
      const head = record([4, 0x04034b50], ...common);
      const mode = 0o100000 | (file.executable ? 0o755 : 0o644);
      const entry = record(
        [4, 0x02014b50],
        [2, UNIX_2_0],
        ...common,
        [2, 0],
        [2, 0],
        [2, 0],
        [4, mode * 0x10000],
        [4, offset],
      );
      directory.push(entry, name);
      parts.push(head, name, content);
      offset += head.length + name.length + content.length;
    }
    const length = directory.reduce((sum, part) => sum + part.length, 0);
    const count = directory.length / 2;
    const end = record(
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, length],
      [4, offset],
      [2, 0],
    );
    return new Blob([...parts, ...directory, end], { type: "application/zip" });
  }

  return { archive };
})();
