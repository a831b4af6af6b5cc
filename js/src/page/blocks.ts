/** A compressed part of the page: base64 of a zlib stream in a script element that no browser runs. */
export async function block(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const holder = document.querySelector(`script[data-block="${name}"]`);
  if (!holder) throw new Error(`This page is not complete: its part “${name}” is missing.`);
  const packed = bytesOf(holder.textContent ?? "");
  holder.remove();
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function textBlock(name: string): Promise<string> {
  return new TextDecoder().decode(await block(name));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const signs = atob(base64);
  const bytes = new Uint8Array(signs.length);
  for (let index = 0; index < signs.length; index++) bytes[index] = signs.charCodeAt(index);
  return bytes;
}

/** Where an array stands among the page's arrays; its bytes lie plane by plane, which packs better. */
export interface Placed {
  model: string;
  path: (string | number)[];
  start: number;
  length: number;
  /** Bytes of an item; 1 where the bytes lie as they are. */
  item: number;
}

/** The bytes of an array in their own order. */
export function unshuffled(arrays: Uint8Array, { start, length, item }: Placed): DataView<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const items = length / item;
  for (let plane = 0; plane < item; plane++) {
    const from = start + plane * items;
    for (let index = 0; index < items; index++) bytes[index * item + plane] = arrays[from + index];
  }
  return new DataView(bytes.buffer);
}
