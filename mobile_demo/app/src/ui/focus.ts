/** Where the focus was before a question, and the way back there. */
export class Focus {
  #before: Element | null = null;

  /** A question that follows another leads back to where the first was asked. */
  remember(): void {
    this.#before ??= document.activeElement;
  }

  /** To the menu that it stood in, or to the title, where that place is hidden or gone. */
  restore(): void {
    const before = this.#before;
    this.#before = null;
    if (before === null) return;
    const places = [before, before.closest("details")?.querySelector("summary"), document.querySelector("h1")];
    for (const place of places) {
      if (!(place instanceof HTMLElement)) continue;
      place.focus();
      if (document.activeElement === place && place !== document.body) return;
    }
  }
}
