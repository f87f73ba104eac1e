/** Language tags as browsers give them; not all are well formed ("ca-ES@valencia"). */

export const isCountry = (code: string) => /^[A-Z]{2}$/.test(code);

/** The country of a tag; empty for none, and for a region that is no country ("es-419"). */
export function regionOf(tag: string): string {
  const region = localeOf(tag)?.region ?? "";
  return isCountry(region) ? region : "";
}

/** Times of the day as the phone writes them; where its tags say nothing, as a language does. */
export function clockOf(tags: readonly string[], language: string): Intl.DateTimeFormat {
  const known = tags.filter((tag) => localeOf(tag) !== undefined);
  return new Intl.DateTimeFormat([...known, language], { hour: "2-digit", minute: "2-digit" });
}

function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}
