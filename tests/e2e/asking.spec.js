// Questions of views that fail: told once, asked again when something changed. Without a page.

import { expect, test } from "@playwright/test";

import { tellOfOpen } from "../../www/experiment/attention.js";
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

test("a mistake of the program's reaches the console, of a model that is gone and within another error too", async () => {
  const { store, open, told } = page();
  const asked = tellOfOpen(store, "explore", mistake, store.get("basis"));
  open();
  expect(await asked).toBe(false);
  expect(reported).toEqual([mistake]);
  expect(told()).toEqual([]);
  const wrapped = new Error("“file” cannot be read", { cause: mistake });
  expect(await tellOfOpen(store, "explore", wrapped, store.get("basis"))).toBe(true);
  expect(reported).toEqual([mistake, mistake]);
  await tellOfOpen(store, "explore", refusal, store.get("basis"));
  expect(reported).toHaveLength(2);
});
