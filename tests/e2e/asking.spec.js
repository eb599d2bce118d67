// Questions of views that fail: told once, asked again when something changed. Without a page.

import { expect, test } from "@playwright/test";

import { Attention, notifyIfOpen } from "../../www/experiment/attention.js";
import { Store } from "../../www/store.js";
import { Latest } from "../../www/views/codes/latest.js";
import { Sharpening } from "../../www/views/explore/sharpening.js";

/** @type {unknown[]} */
let reported = [];
test.beforeEach(() => {
  reported = [];
  Object.assign(globalThis, { reportError: (/** @type {unknown} */ error) => reported.push(error) });
});
test.afterEach(() => Reflect.deleteProperty(globalThis, "reportError"));

/** A page with an open model. */
function page() {
  const store = new Store();
  const open = () =>
    store.set({ phase: "ready", basis: { model: "tiny", structure: store.controls, start: "fresh", seed: 1 } });
  open();
  return { store, open, told: () => store.get("notices").map(({ text }) => text) };
}

const refusal = Object.assign(new Error("it has no codes"), { kind: "invalid_input" });
const mistake = new TypeError("codes is undefined");
const gone = Object.assign(new Error("the worker stopped"), { kind: "device" });

test("what fails is told once and not asked again, until it is another question", async () => {
  const { store, told } = page();
  /** @type {string[]} */
  const asked = [];
  /** @type {(key: string) => void} */
  let ask;
  const failed = (/** @type {string} */ question) => {
    asked.push(question);
    return Promise.reject(refusal);
  };
  const latest = new Latest(store, failed, () => 0);
  ask = (key) => latest.ask([key], key);
  ask("now");
  await expect.poll(told).toEqual(["It has no codes."]);
  const [notice] = store.get("notices");
  ask("now");
  ask("later");
  await expect.poll(() => store.get("notices")[0] !== notice).toBe(true);
  expect(asked).toEqual(["now", "later"]);

  let place = "here";
  const pictures = new Sharpening(
    store,
    () => ({ place, step: 1 }),
    () => failed(place),
  );
  const before = store.get("notices")[0];
  pictures.ask();
  await expect.poll(() => store.get("notices")[0] !== before).toBe(true);
  pictures.ask();
  place = "there";
  pictures.ask();
  await expect.poll(() => asked).toEqual(["now", "later", "here", "there"]);
  pictures.stop();
});

test("a question that waited while another model was opened is not asked of that one", async () => {
  const { store, open } = page();
  /** @type {string[]} */
  const asked = [];
  let answer = () => {};
  const latest = new Latest(
    store,
    (/** @type {string} */ question) => {
      asked.push(question);
      return new Promise((resolve) => (answer = () => resolve(undefined)));
    },
    () => 0,
  );
  latest.ask(["first"], "first");
  latest.ask(["of the same model"], "of the same model");
  open();
  answer();
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toEqual(["first"]);
  latest.ask(["of the other"], "of the other");
  expect(asked).toEqual(["first", "of the other"]);
});

test("of a worker that is gone, or a model, nothing is told here, and the same may be asked again", async () => {
  const { store, open, told } = page();
  let asked = 0;
  const latest = new Latest(
    store,
    () => {
      asked += 1;
      return Promise.reject(asked === 1 ? gone : refusal);
    },
    () => 0,
  );
  latest.ask(["now"], null);
  await expect.poll(() => (latest.ask(["now"], null), asked)).toBe(2);
  open();
  await expect.poll(() => (latest.ask(["now"], null), asked)).toBe(3);
  await expect.poll(told).toEqual(["It has no codes."]);
});

test("work that fails rests until something changes, and goes on at once with another model", async () => {
  const { store, open, told } = page();
  /** @type {string[]} */
  const asked = [];
  let next = "refused";
  const attention = new Attention(store, ["look"], async () => {
    asked.push(next);
    if (next === "refused") throw refusal;
    if (next === "gone") throw gone;
    if (next === "of a model before") {
      next = "whole";
      open();
      throw refusal;
    }
    return false;
  });
  let generation = 0;
  const change = () => {
    generation += 1;
    const nothing = {
      clean: null,
      input: null,
      encoding: null,
      found: null,
      latents: null,
      image: null,
      parts: null,
    };
    store.set({ look: { generation, step: 0, ...nothing } });
  };
  attention.watch(true);
  await expect.poll(told).toEqual(["It has no codes."]);
  const [notice] = store.get("notices");
  expect(asked).toEqual(["refused"]);
  next = "gone";
  change();
  await expect.poll(() => asked).toEqual(["refused", "gone"]);
  next = "of a model before";
  store.set({ phase: "loading" });
  store.set({ phase: "ready" });
  await expect.poll(() => asked).toEqual(["refused", "gone", "of a model before", "whole"]);
  expect(store.get("notices")).toEqual([notice]);
  // What nobody sees is not worked on.
  attention.watch(false);
  next = "unseen";
  change();
  await new Promise(setImmediate);
  next = "seen";
  attention.watch(true);
  await expect.poll(() => asked.slice(4)).toEqual(["seen"]);
  attention.watch(false);
});

test("a mistake of the program's reaches the console, of a model that is gone and within another error too", async () => {
  const { store, open, told } = page();
  const asked = notifyIfOpen(store, "explore", mistake, store.get("basis"));
  open();
  expect(await asked).toBe(false);
  expect(reported).toEqual([mistake]);
  expect(told()).toEqual([]);
  const wrapped = new Error("“file” cannot be read", { cause: mistake });
  expect(await notifyIfOpen(store, "explore", wrapped, store.get("basis"))).toBe(true);
  expect(reported).toEqual([mistake, mistake]);
  await notifyIfOpen(store, "explore", refusal, store.get("basis"));
  expect(reported).toHaveLength(2);
});
