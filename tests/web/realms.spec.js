// Who calls from another realm, too early, or on the page's own thread.

import { openBlank } from "../support/fixtures.js";
import { expect, test } from "../support/flavour.js";

test("arrays are taken by what they are, from any realm", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const images = uniform(784, 1);
    const frame = document.body.appendChild(document.createElement("iframe"));
    const other = /** @type {typeof globalThis} */ (/** @type {unknown} */ (frame.contentWindow));
    const [own] = (await lab.encode(images)).mean;
    const codes = [];
    for (const array of [new other.Float32Array(images), other.Array.from(images), new other.Float64Array(images)])
      codes.push((await lab.encode(array)).mean[0]);
    const beyond = images.slice().fill(1.0000001, 0, 10).fill(-1e-7, 10, 20);
    const clean = images.slice().fill(1, 0, 10).fill(0, 10, 20);
    const [rounded] = (await lab.encode(beyond)).mean;
    const file = new other.Uint8Array(await lab.save());
    return {
      codes: codes.map((code) => code === own),
      rounded: rounded === (await lab.encode(clean)).mean[0],
      opened: (await Lab.open(file)).info().seed,
      blob: (await Lab.open(new other.Blob([file]))).info().seed,
    };
  });
  expect(found).toEqual({ codes: [true, true, true], rounded: true, opened: 1, blob: 1 });
});

test("a length that lies is not believed, and calls that wait hold no more than there is room for", async ({ cpu }) => {
  const { lie, kinds, after } = await cpu.evaluate(async ({ Lab }) => {
    class Short extends Float32Array {
      get length() {
        return 784;
      }
    }
    const lab = await Lab.create({
      family: "vae",
      encoder: { kind: "dense", hidden: [2] },
      latent: 1,
      image: [128, 128],
    });
    const lie = await lab.encode(new Short(2 ** 27)).catch(({ message }) => message);
    const images = new Float32Array(1000 * 128 * 128);
    const calls = Array.from({ length: 26 }, () => lab.encode(images));
    const kinds = (await Promise.allSettled(calls)).map((call) => (call.status === "rejected" ? call.reason.kind : ""));
    return { lie, kinds, after: (await lab.encode(images)).mean.length };
  });
  expect(lie).toMatch(/^invalid_input: 134217728 numbers are not 1 to 2871 images/);
  expect(new Set(kinds)).toEqual(new Set(["", "invalid_input"]));
  expect(after).toBe(1000);
});

test("calls that wait hold no more than there is room for, whatever they were given", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const [image, big, file] = [new Float32Array(784), new Float32Array(47_040_000), new Uint8Array(48 << 20)];
    /** @type {{ [what: string]: () => Promise<unknown> }} */
    const asked = {
      latents: () => lab.decode(big),
      noise: () => lab.train_step(image, { noise: big }),
      known: () => lab.sample_codes(1, { known: big }),
      mean_image: () => Lab.create("tiny", { mean_image: big }),
      file: () => Lab.open(file),
    };
    /** @type {{ [what: string]: string[] }} */
    const kinds = {};
    for (const [what, ask] of Object.entries(asked)) {
      const calls = await Promise.allSettled(Array.from({ length: 40 }, ask));
      kinds[what] = [...new Set(calls.map((call) => (call.status === "rejected" ? call.reason.kind : "answered")))];
    }
    return { kinds, after: (await lab.encode(image)).mean.length };
  });
  expect(found.kinds).toEqual({
    latents: ["invalid_input"],
    noise: ["invalid_input"],
    known: ["invalid_input"],
    mean_image: ["invalid_input"],
    file: expect.arrayContaining(["invalid_input"]),
  });
  expect(found.after).toBe(8);
});

test("a copy of an error keeps its kind in its message", async ({ cpu }) => {
  const message = await cpu.evaluate(async ({ Lab }) => {
    const error = await Lab.create("huge").catch((error) => error);
    return structuredClone(error).message;
  });
  expect(message).toMatch(/^unknown_name: no preset is called "huge"/);
});

test("who calls before init() is told to wait for it, and who says new is told what to take", async ({ page }) => {
  await openBlank(page);
  const words = await page.evaluate(async () => {
    /** @type {typeof import("../../pkg/cpu/latent_lab.js")} */
    const flavour = await import(new URL("pkg/cpu/latent_lab.js", document.baseURI).href);
    const { Lab, Dataset, presets } = flavour;
    const refusal = async (/** @type {() => unknown} */ call) => {
      try {
        return String(await call());
      } catch (error) {
        return /** @type {Error} */ (error).message;
      }
    };
    const early = [() => Lab.create("tiny"), () => presets(), () => Dataset.open(new Uint8Array(1))];
    const all = await Promise.all(early.map(refusal));
    await flavour.default();
    return [
      ...all,
      await refusal(() => Reflect.construct(Lab, [])),
      await refusal(() => Reflect.construct(Dataset, [])),
    ];
  });
  for (const early of words.slice(0, 3)) expect(early).toMatch(/^uninitialized: call init\(\) first/);
  expect(words[3]).toMatch(/^invalid_input: a Lab is not made by `new`; take `await Lab\.create/);
  expect(words[4]).toMatch(/^invalid_input: a Dataset is not made by `new`; take `Dataset\.open/);
});

test("a loop of steps on the page's own thread lets the page draw", async ({ cpu }) => {
  const { steps, frames } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const images = uniform(64 * 784, 1);
    let [running, frames, steps] = [true, 0, 0];
    const count = () => {
      frames += 1;
      if (running) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    for (const end = performance.now() + 1000; performance.now() < end; steps += 1) await lab.train_step(images);
    running = false;
    return { steps, frames };
  });
  expect(steps).toBeGreaterThan(2);
  expect(frames, `in ${steps} steps`).toBeGreaterThan(2);
});

test("models that nobody frees never use the memory up, and those that nobody holds are freed", async ({
  cpu,
  page,
}) => {
  const filled = await cpu.evaluateHandle(async ({ Lab, memory }) => {
    /** @type {import("../../pkg/cpu/latent_lab.js").ModelConfig} */
    const config = { family: "vae", encoder: { kind: "dense", hidden: [2000] }, latent: 2 };
    const held = [];
    let refusal;
    while (!refusal && held.length < 60) {
      const lab = await Lab.create(config).catch((error) => void (refusal = error));
      if (lab) held.push(lab);
    }
    held.pop()?.free();
    held.push(await Lab.create(config));
    return { Lab, config, held, words: String(refusal), memory };
  });
  const count = await filled.evaluate(({ held }) => held.length);
  expect(count).toBeGreaterThan(10);
  expect(await filled.evaluate(({ words }) => words)).toMatch(/^LabError: invalid_input: .*free\(\)/);
  expect(await filled.evaluate(({ memory }) => memory.buffer.byteLength)).toBeLessThan(2 ** 32);

  await filled.evaluate(({ held }) => void (held.length = 0));
  const another = () =>
    filled.evaluate(({ Lab, config }) =>
      Lab.create(config).then(
        () => "created",
        () => "refused",
      ),
    );
  await expect
    .poll(async () => {
      await page.requestGC();
      return another();
    })
    .toBe("created");
});
