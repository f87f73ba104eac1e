/** What has to hold before the app runs: one window, a place to keep things, an unchanged copy. */

/** Why it does not run. unreadable: what is kept could not be opened. */
export type Problem = "altered" | "other_tab" | "no_storage" | "unreadable";

/** False where another window has the chat open; it is ours until this page is gone. */
export function onlyWindow(): Promise<boolean> {
  return new Promise((decided) => {
    void navigator.locks.request("safelight-chat", { ifAvailable: true }, (lock) => {
      decided(lock !== null);
      return lock && new Promise(() => {}); // held for as long as the page lives
    });
  });
}

/**
 * Settled once the app is kept on this phone; "altered" where a file is not what was built.
 *
 * A phone that has a good copy goes on with it: the altered one is never installed.
 */
export async function keepOffline(): Promise<"kept" | "altered" | "impossible"> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (container === undefined) return "impossible";
  const altered = new Promise<"altered">((told) => {
    container.addEventListener("message", ({ data }) => {
      if (data?.altered) told("altered");
    });
  });
  container.startMessages();
  try {
    const { active, installing } = await container.register("/sw.js");
    if (active) return "kept";
    const ended = new Promise<"impossible">((told) => {
      installing?.addEventListener("statechange", () => {
        // A little later: that a file was altered is said just before.
        if (installing.state === "redundant") setTimeout(() => told("impossible"), 500);
      });
    });
    const kept = container.ready.then(() => "kept" as const);
    return await Promise.race([altered, ended, kept]);
  } catch {
    return "impossible";
  }
}

/** Served at the same address as the app. */
export function relayAddress(): string {
  return `${location.origin.replace(/^http/, "ws")}/relay`;
}
