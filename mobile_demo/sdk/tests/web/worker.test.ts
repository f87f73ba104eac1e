/** safelight/web as built: the model in a worker, the page's own thread never held up. */
import { afterAll, expect, test, vi } from "vitest";
import { BundleError, Guard, Level, type WebOptions } from "../../dist/web.js";
import { answers, bytes, expectLike, fromHex, messageOf, tinyFiles } from "../support.js";

const python = await answers();
const files = await tinyFiles();
const shipped = await Guard.load();
const story = python["story"].map(messageOf);
afterAll(() => shipped.close());

const load = (options: WebOptions): Promise<Guard> => Guard.load({ files, ...options });

test("a chat answers as in Python, by a bundle that is signed", async () => {
  const guard = await load({ key: fromHex(python["public"]), keyId: "k1" });
  const chat = guard.conversation("chat-17");
  for (const [number, { seen, advice }] of python["courses"]["nothing chosen"].entries()) {
    const found = await chat.observe(story[number]);
    expectLike(found, seen, 1e-4);
    const options = { country: "AA", today: python["today"], audience: "adult" } as const;
    expect(found.advice("en", options)).toEqual(advice);
  }
  await guard.close();
});

test("the bundle of the package, fetched from beside it, reads the sample chats", async () => {
  for (const { messages, seen } of python["samples"]) {
    const chat = shipped.conversation("c");
    for (const [number, message] of messages.map(messageOf).entries()) {
      expectLike(await chat.observe(message), seen[number], 1e-2);
    }
  }
});

test("what is refused is refused on the page, by class and words", async () => {
  await expect(load({})).rejects.toThrow(BundleError);
  await expect(load({})).rejects.toThrow("not the bundle that this version of safelight carries");
  await expect(load({ keyId: "k1" })).rejects.toThrow(RangeError);
  const changed = new Map(files).set("text.json", new Uint8Array(3));
  const altered = load({ files: changed, allowUnsigned: true });
  await expect(altered).rejects.toThrow("text.json: has 3 bytes");
});

test("a worker and the WebAssembly may be the app's own", async () => {
  const url = new URL("../../dist/worker.js", import.meta.url);
  const guard = await load({
    allowUnsigned: true,
    worker: new Worker(url, { type: "module" }),
    wasm: await bytes("mobile_demo/sdk/dist/ort-wasm-simd-threaded.wasm"),
  });
  expect((await guard.conversation("c").observe(story[0])).level).toBe(Level.NONE);
  await guard.close();
});

test("a worker that cannot be started is an error, not a wait", async () => {
  const worker = new Worker(new URL("./nowhere.js", import.meta.url), { type: "module" });
  await expect(load({ allowUnsigned: true, worker })).rejects.toThrow("could not be started");
});

test("a worker that a browser has ended is an error too, and after a minute", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const silent = URL.createObjectURL(new Blob(["onmessage = () => undefined"]));
    const guard = load({
      allowUnsigned: true,
      worker: new Worker(silent),
      wasm: new Uint8Array(1),
    });
    let said = "";
    const ended = guard.catch((error: Error) => (said = error.message));
    await new Promise((resolve) => setTimeout(resolve, 100));
    vi.advanceTimersByTime(59_000);
    await Promise.resolve();
    expect(said).toBe("");
    vi.advanceTimersByTime(1_000);
    await ended;
    expect(said).toBe("the worker of safelight does not answer");
  } finally {
    vi.useRealTimers();
  }
});

test("what waits when the guard is closed is told so", async () => {
  const guard = await load({ allowUnsigned: true });
  const asked = guard.conversation("c").observe(story[0]);
  await Promise.resolve();
  await guard.close();
  await expect(asked).rejects.toThrow("closed");
});

test("the page's thread is not held up by a long chat", async () => {
  const chat = shipped.conversation("c");
  const text = "how was the match today? ".repeat(40);
  let longest = 0;
  let before = performance.now();
  const clock = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  await Promise.all(Array.from({ length: 40 }, () => chat.observe({ sender: "peer", text })));
  clearInterval(clock);
  expect(chat.messages).toBe(40);
  expect(longest).toBeLessThan(500); // far above 50 ms: other programs run on a test's machine
});
