/** Starts the app: one element that draws the screen of the address. */
import { LitElement, type TemplateResult } from "lit";
import { Model } from "./app/model.ts";
import { screen } from "./ui/screen.ts";
import "./ui/app.css";

class ChatApp extends LitElement {
  readonly model = new Model(() => this.requestUpdate());
  #screen = "";

  override connectedCallback(): void {
    super.connectedCallback();
    document.querySelector("#unstarted")?.remove();
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
    const { chosen, route, problem, question } = this.model;
    document.documentElement.lang = chosen?.language ?? document.documentElement.lang;
    const dialog = this.querySelector("dialog");
    if (question && dialog && !dialog.open) dialog.showModal();
    const now = problem ?? `${route.at} ${"id" in route ? route.id : ""}`;
    if (now !== this.#screen && this.querySelector("h1")) {
      // Whoever does not see the screen hears which one it is.
      if (this.#screen) this.querySelector("h1")?.focus();
      this.#screen = now;
    }
  }
}

customElements.define("chat-app", ChatApp);
