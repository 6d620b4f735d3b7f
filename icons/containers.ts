/** A PNG with its width in pixels; it is square. */
export type Png = { px: number; bytes: Uint8Array };

/** Windows' icon file: a directory of PNGs. */
export function ico(images: Png[]): Uint8Array {
  const head = 6 + 16 * images.length;
  const out = Buffer.alloc(head + images.reduce((sum, i) => sum + i.bytes.length, 0));
  out.writeUInt16LE(1, 2);
  out.writeUInt16LE(images.length, 4);
  let at = head;
  images.forEach(({ px, bytes }, index) => {
    const entry = 6 + 16 * index;
    out.writeUInt8(px % 256, entry);
    out.writeUInt8(px % 256, entry + 1);
    out.writeUInt16LE(1, entry + 4);
    out.writeUInt16LE(32, entry + 6);
    out.writeUInt32LE(bytes.length, entry + 8);
    out.writeUInt32LE(at, entry + 12);
    out.set(bytes, at);
    at += bytes.length;
  });
  return out;
}

/** macOS' icon file: chunks of PNGs, each under the name of its size and scale. */
export function icns(chunks: { name: string; bytes: Uint8Array }[]): Uint8Array {
  const parts = chunks.map(({ name, bytes }) => chunk(name, bytes));
  return chunk('icns', Buffer.concat(parts));
}

function chunk(name: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(8 + body.length, 4);
  return Buffer.concat([head, body]);
}
