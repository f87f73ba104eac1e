/** Base64 (RFC 4648) with its padding, as files hold it. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FORM = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Return base64 of bytes. */
export function toBase64(data: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < data.length; at += 3) {
    const three = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => LETTERS[(three >> shift) & 63]);
    const missing = Math.max(0, at + 3 - data.length);
    parts.push(four.slice(0, 4 - missing).join("") + "=".repeat(missing));
  }
  return parts.join("");
}

/** Return the bytes of base64; RangeError where it is none. */
export function fromBase64(text: string): Uint8Array {
  if (!FORM.test(text)) throw new RangeError("not base64");
  const bare = text.replace(/=+$/, "");
  const out = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of bare) {
    held = ((held << 6) | LETTERS.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 0xff;
    }
  }
  return out;
}
