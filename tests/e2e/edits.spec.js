// Edits of a code grid: what becomes of the codes, and of the picture.

import { sizeOf, table } from "../support/files.js";
import { ACROSS, expect, test } from "../support/visit.js";

test("edits of a grid move its codes and nothing else", async ({ visit, page }) => {
  await visit.begin();
  const found = await page.evaluate(async () => {
    /** @type {typeof import("../../www/views/codes/shapes.js")} */
    const { flip, invert, join, rotate, shift, transplant } = await import(
      new URL("views/codes/shapes.js", document.baseURI).href
    );
    const [sides, grid] = [
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ];
    const theirs = grid.map((code) => code + 10);
    return {
      right: shift(grid, sides, [0, 1], 9),
      up: shift(grid, sides, [-1, 0], 9),
      rotated: rotate([0, 1, 2, 3], 2),
      across: flip(grid, sides, "across"),
      down: flip(grid, sides, "down"),
      inverted: invert(grid, 8),
      joined: join(grid, theirs, sides, "across"),
      stacked: join(grid, theirs, sides, "down"),
      dropped: transplant(grid, theirs, sides, { top: 0, left: 1, height: 2, width: 2 }, 5),
    };
  });
  expect(found).toEqual({
    right: [9, 0, 1, 9, 3, 4],
    up: [3, 4, 5, 9, 9, 9],
    rotated: [2, 0, 3, 1],
    across: [2, 1, 0, 5, 4, 3],
    down: [3, 4, 5, 0, 1, 2],
    inverted: [7, 6, 5, 4, 3, 2],
    joined: [0, 1, 12, 3, 4, 15],
    stacked: [0, 1, 2, 13, 14, 15],
    dropped: [0, 1, 2, 3, 4, 11],
  });
});

test("a grid is shifted, turned over, joined with another and undone", async ({ visit, page }) => {
  await visit.begin("#model=E15");
  const view = page.getByRole("region", { name: "Edits" });
  await view.scrollIntoViewIfNeeded();
  const decoded = view.getByRole("img", { name: /^Decoded from your edits$/ });
  await expect(decoded).toBeVisible();
  const own = await visit.pixels(decoded);
  const undo = view.getByRole("button", { name: "Undo edit" });
  // Each button does to the codes what it says: out of the table of before, cell by cell.
  /** @type {number[]} */
  let theirs = [];
  const codes = async () => {
    const [head, ...rows] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
    expect(head).toEqual(["row", "column", "code", "sign_of_vector", "their_code"]);
    theirs = rows.map((row) => Number(row[4]));
    return rows.map((row) => Number(row[2]));
  };
  const before = await codes();
  expect(before).toHaveLength(49);
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    row >= 0 && row < 7 && column >= 0 && column < 7 ? before[7 * row + column] : undefined;
  /** Where the code of a cell comes from; from elsewhere where it is undefined. @type {[string, (row: number, column: number) => number | undefined][]} */
  const edits = [
    ["Shift left", (row, column) => at(row, column + 1)],
    ["Shift right", (row, column) => at(row, column - 1)],
    ["Shift up", (row, column) => at(row + 1, column)],
    ["Shift down", (row, column) => at(row - 1, column)],
    ["Rotate by 90°", (row, column) => at(6 - column, row)],
    ["Flip across", (row, column) => at(row, 6 - column)],
    ["Flip down", (row, column) => at(6 - row, column)],
    ["Indices inverted", (row, column) => 63 - before[7 * row + column]],
    ["Left half mine", (row, column) => (column < 4 ? at(row, column) : theirs[7 * row + column])],
    ["Top half mine", (row, column) => (row < 4 ? at(row, column) : theirs[7 * row + column])],
  ];
  for (const [edit, from] of edits) {
    await view.getByRole("button", { name: edit }).click();
    await visit.becomesOther(decoded, own);
    const found = await codes();
    const expected = found.map((code, cell) => from(Math.floor(cell / 7), cell % 7) ?? code);
    expect(found, edit).toEqual(expected);
    // What comes in at an edge is paper, of one code.
    const other = new Set(found.filter((_, cell) => from(Math.floor(cell / 7), cell % 7) === undefined));
    if (edit.startsWith("Shift")) expect(other.size, edit).toBe(1);
    await undo.click();
    await expect.poll(() => visit.pixels(decoded)).toEqual(own);
  }
  // The story's buttons from left to right: each begins with the encoder's codes, and the head says what was done.
  const head = view.locator("header");
  const tries = page.getByRole("group", { name: "Try this" }).getByRole("button");
  const shifted = before.map((_, cell) => at(Math.floor(cell / 7), (cell % 7) - 1));
  const joined = before.map((code, cell) => (cell % 7 < 4 ? code : theirs[cell]));
  const rotated = before.map((_, cell) => at(6 - (cell % 7), Math.floor(cell / 7)));
  for (const [label, done, expected] of /** @type {const} */ ([
    ["Shift right", "Shift right", shifted],
    ["Rotate", "Rotate by 90°", rotated],
    ["Negate the vectors", "Vectors negated", before],
    ["Halves of two digits", "Left half mine, right half theirs", joined],
  ])) {
    await tries.filter({ hasText: label }).click();
    await expect(head).toContainText(new RegExp(`(^|Edits)${done}: \\d+ of 49 codes are not the encoder's`));
    const found = await codes();
    expect(found, label).toEqual(found.map((code, cell) => expected[cell] ?? code));
  }
  // Edits of one another are named together, and undo takes the last name back.
  await view.getByRole("button", { name: "Flip down" }).click();
  await expect(head).toContainText("right half theirs, Flip down: ");
  await undo.click();
  await expect(head).toContainText("right half theirs: ");
  // What is painted comes on top of them, two strokes of it too.
  const grid = page.getByRole("region", { name: "Code grid" }).getByRole("application", { name: /^Grid of codes/ });
  await page
    .getByRole("toolbar")
    .getByRole("button", { name: /^Code 20/ })
    .click();
  for (const x of [20, 60]) await grid.click({ position: { x, y: 20 } });
  await expect(head).toContainText("right half theirs, Painted: ");
  await page
    .getByRole("toolbar")
    .getByRole("button", { name: /^Code 20/ })
    .click();
  await view.getByRole("button", { name: "Back to the encoder" }).click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(own);

  const sheet = await visit.kept(view.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)[0]).toBeGreaterThan(4 * 224);
  // Opposite vectors are opposite values: what was paper has ink. Edits come on top of that, and are undone one by one.
  const ink = (/** @type {ArrayLike<number>} */ pixels) => Array.from(pixels).reduce((sum, pixel) => sum + pixel, 0);
  const negation = view.getByRole("button", { name: "Vectors negated" });
  await negation.click();
  await visit.becomesOther(decoded, own);
  const negated = await visit.pixels(decoded);
  expect(ink(negated)).toBeGreaterThan(2 * ink(own));
  const mean = (/** @type {(pixel: number) => boolean} */ is) => {
    const some = negated.filter((_, at) => is(own[at]));
    return ink(some) / some.length;
  };
  expect(
    mean((pixel) => pixel > 200),
    "ink where ink was",
  ).toBeLessThan(mean((pixel) => pixel < 50));
  await expect(negation).toHaveAttribute("aria-pressed", "true");
  await view.getByRole("button", { name: "Shift left" }).click();
  await visit.becomesOther(decoded, negated);
  expect(ink(await visit.pixels(decoded))).toBeGreaterThan(2 * ink(own));
  await undo.click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(negated);
  await negation.click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(own);
  await expect(negation).toHaveAttribute("aria-pressed", "false");
  // A shift of the codes by a cell is one of the picture by four pixels.
  await view.getByRole("button", { name: "Shift right" }).click();
  await visit.becomesOther(decoded, own);
  const moved = await visit.pixels(decoded);
  let apart = 0;
  for (let at = 0; at < 784; at += 1) {
    if (at % 28 >= 8 && at % 28 < 24) apart += Math.abs(moved[at] - own[at - 4]) / (784 * 255);
  }
  expect(apart).toBeLessThan(0.02);
  // A stroke says anew what the codes are, and whoever did not mean that has the edit again.
  const edited = await codes();
  await visit.stroke(ACROSS);
  await view.scrollIntoViewIfNeeded();
  await expect(view).toContainText("all 49 codes are the encoder's; Undo brings your edit back");
  expect(await codes()).not.toEqual(edited);
  await undo.click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(moved);
  expect(await codes()).toEqual(edited);
  await expect(head).toContainText("Shift right: ");
  await undo.click();
  await expect(view).toContainText("all 49 codes are the encoder's");
});

test("a rectangle of another digit's codes is dropped into one's own", async ({ visit, page }) => {
  await visit.begin("#model=E16");
  const view = page.getByRole("region", { name: "Edits" });
  await view.scrollIntoViewIfNeeded();
  const decoded = view.getByRole("img", { name: /^Decoded from your edits$/ });
  const theirs = view.getByRole("application", { name: /^Their codes: 7 by 7 cells/ });
  await theirs.scrollIntoViewIfNeeded();
  const own = await visit.pixels(decoded);
  const box = await theirs.boundingBox();
  if (!box) throw new Error("their codes are not shown");
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    /** @type {const} */ ([box.x + ((column + 0.5) / 7) * box.width, box.y + ((row + 0.5) / 7) * box.height]);
  await page.mouse.move(...at(1, 1));
  await page.mouse.down();
  await page.mouse.move(...at(4, 5), { steps: 5 });
  await page.mouse.up();
  await view.getByRole("application", { name: /^Your codes/ }).click({ position: { x: 30, y: 30 } });
  await visit.becomesOther(decoded, own);
});

test("what was painted before another picture is taken back as it was", async ({ visit, page }) => {
  await visit.begin("#model=E15");
  const { painted, taken } = await page.evaluate(async () => {
    const { store, experiment } = /** @type {any} */ (window).latentLab;
    const { looking } = experiment;
    /** @returns {number[]} */
    const whole = () => [...store.get("look").encoding.mean].map((code, cell) => store.get("overrides")[cell] ?? code);
    const paint = (/** @type {number} */ cell) => {
      const before = store.get("overrides");
      const cells = Array.from({ length: 49 }, (_, at) => (at === cell ? 40 : (before[at] ?? null)));
      looking.edit(cells, { negated: false });
      return whole();
    };
    const painted = [paint(16), paint(48)];
    await looking.nextSample();
    const taken = [0, 1].map(() => {
      looking.undo();
      return whole();
    });
    return { painted, taken };
  });
  expect(taken).toEqual(painted.toReversed());
});
