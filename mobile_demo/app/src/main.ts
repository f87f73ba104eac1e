/** Starts the app: one element that draws the screen of the address. */
import { LitElement, type TemplateResult } from "lit";
import { Model } from "./app/model.ts";
import { Focus } from "./ui/focus.ts";
import { screen } from "./ui/screen.ts";
import "./ui/app.css";

class ChatApp extends LitElement {
  readonly model = new Model(() => this.requestUpdate());
  readonly #focus = new Focus();
  #screen = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.model.start();
  }

  /** In the page itself: one style sheet, and labels that reach everything. */
  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | null {
    return screen(this.model);
  }

  protected override updated(): void {
    const { chosen, route, player, problem, questions } = this.model;
    // It stays where not even the words of the app could be loaded.
    if (this.querySelector("h1")) document.querySelector("#unstarted")?.remove();
    document.documentElement.lang = chosen?.language ?? document.documentElement.lang;
    const dialog = this.querySelector("dialog");
    if (questions.now && dialog && !dialog.open) {
      this.#focus.remember();
      dialog.showModal();
    } else if (!questions.now) this.#focus.restore();
    const now = problem ?? `${route.at} ${"id" in route ? route.id : ""} ${player?.script.name ?? ""}`;
    if (now !== this.#screen && this.querySelector("h1")) {
      // Whoever does not see the screen hears which one it is.
      if (this.#screen) this.querySelector("h1")?.focus();
      this.#screen = now;
    }
  }
}

customElements.define("chat-app", ChatApp);
