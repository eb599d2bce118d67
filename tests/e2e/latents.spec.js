// The latents: sliders, the encoder's word, the prior, and the plane of two.

import { difference, expect, test } from "../support/visit.js";

test("each of eight sliders moves the picture", async ({ visit }) => {
  await visit.begin();
  for (let index = 1; index <= 8; index += 1) {
    const before = await visit.pixels(visit.reconstruction);
    await visit.latent(index).fill("3.5");
    await visit.becomesOther(visit.reconstruction, before);
  }
  await expect(visit.page.getByRole("heading", { name: "Decoded from your latents" })).toBeVisible();
});

test("keys move a slider, and the picture with it", async ({ visit }) => {
  await visit.begin();
  await visit.latent(1).focus();
  const [value, before] = [Number(await visit.latent(1).inputValue()), await visit.pixels(visit.reconstruction)];
  for (let press = 0; press < 10; press += 1) await visit.page.keyboard.press("ArrowRight");
  await visit.becomesOther(visit.reconstruction, before);
  expect(Number(await visit.latent(1).inputValue()) - value).toBeCloseTo(0.5, 1);
  await expect(visit.latent(1)).toHaveAttribute("aria-valuetext", /the encoder says/);
});

test("back to the encoder is where it came from", async ({ visit }) => {
  await visit.begin();
  const before = await visit.pixels(visit.reconstruction);
  const back = () => expect.poll(async () => difference(await visit.pixels(visit.reconstruction), before)).toBe(0);
  await expect(visit.backToEncoder).toBeDisabled();
  await visit.latent(3).fill("-3");
  await visit.latent(5).fill("3");
  await visit.becomesOther(visit.reconstruction, before);
  await visit.backToEncoder.click();
  await back();
  await expect(visit.backToEncoder).toBeDisabled();

  await visit.latent(3).fill("-3");
  await visit.becomesOther(visit.reconstruction, before);
  await visit.page.getByRole("button", { name: "Latent 3: back to the encoder" }).click();
  await back();
});

test("the prior gives another picture each time, without any drawing too", async ({ visit }) => {
  await visit.begin();
  for (let draw = 0; draw < 3; draw += 1) {
    const before = await visit.pixels(visit.reconstruction);
    await visit.prior.click();
    await visit.becomesOther(visit.reconstruction, before);
  }
  await visit.clear.click();
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  await visit.prior.click();
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
});

test("two latents have a plane", async ({ visit }) => {
  await visit.begin("#model=E2");
  const plane = visit.page.getByRole("application", { name: /^Latent plane: / });
  await expect(plane).toBeVisible();
  await expect(visit.latent(2)).toBeVisible();
  await expect(visit.latent(3)).toHaveCount(0);
  const before = await visit.pixels(visit.reconstruction);
  await plane.click({ position: { x: 10, y: 10 } });
  await visit.becomesOther(visit.reconstruction, before);
  const [x, y] = [await visit.latent(1).inputValue(), await visit.latent(2).inputValue()].map(Number);
  expect(x).toBeLessThan(-2);
  expect(y).toBeGreaterThan(2);
  await plane.focus();
  await visit.page.keyboard.press("ArrowRight");
  await expect.poll(async () => Number(await visit.latent(1).inputValue())).toBeGreaterThan(x);
});
