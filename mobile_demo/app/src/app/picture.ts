/** A picture made small, without what the camera wrote into it (place, time, device). */
import { fromBase64, toBase64 } from "../core/bytes.ts";
import { MAX_PICTURE } from "../core/content.ts";

const LONGEST_SIDE = 1_280;
const QUALITIES = [0.8, 0.6, 0.4];

/** JPEG as base64; undefined for what is no picture or stays too big. */
export async function shrink(file: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)),
  );
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    const text = toBase64(new Uint8Array(await blob.arrayBuffer()));
    if (text.length <= MAX_PICTURE) return text;
  }
  return undefined;
}

/** An address for an <img>, of this page alone. */
export function addressOf(picture: string): string {
  return URL.createObjectURL(new Blob([fromBase64(picture)], { type: "image/jpeg" }));
}
