/** What the person is asked over the screen: one question at a time. */

/** input: of a line of text that is asked for. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly go: string;
  readonly stay: string;
  readonly input?: string;
  readonly answer: (given: string | undefined) => void;
}

export class Questions {
  readonly #changed: () => void;
  #now: Question | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get now(): Question | undefined {
    return this.#now;
  }

  /** What was answered; undefined for a no, and where another question or screen came instead. */
  ask(question: Omit<Question, "answer">): Promise<string | undefined> {
    this.drop();
    return new Promise((answered) => {
      const answer = (given: string | undefined) => {
        if (this.#now === asked) this.#show(undefined);
        answered(given);
      };
      const asked: Question = { ...question, answer };
      this.#show(asked);
    });
  }

  /** Nobody waits for an answer that cannot come any more. */
  drop(): void {
    this.#now?.answer(undefined);
  }

  #show(question: Question | undefined): void {
    this.#now = question;
    this.#changed();
  }
}
