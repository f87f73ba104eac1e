/** Full case folding (Unicode, CaseFolding.txt, C and F), which JavaScript itself has not. */

const CHEROKEE = /[\u13a0-\u13fd\uab70-\uabbf]/u;

/** Return a text in which letters that differ in their case alone are the same. */
export function caseFold(text: string): string {
  return Array.from(text, fold).join("");
}

function fold(letter: string): string {
  if (letter === "\u0131") return letter; // dotless i folds to itself, though its capital is I
  if (letter === "\u1e9e") return "ss"; // capital sharp s, whose small letter is ß
  if (CHEROKEE.test(letter)) return letter.toUpperCase();
  // Letter by letter: in a word a sigma at the end would get another form.
  return Array.from(letter.toUpperCase(), (capital) => capital.toLowerCase()).join("");
}
