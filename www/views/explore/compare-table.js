// What stands side by side, in numbers.

import { isGrid } from "../../grid.js";

/**
 * @import { Compared } from "../../types.js"
 * @import { Column } from "./column.js"
 */

/** @typedef {(string | number)[]} Row */

/** @type {(rows: number, all: ArrayLike<number> | null, index: number) => number[]} the part of one of so many rows */
const part = (rows, all, index) => {
  const size = (all?.length ?? 0) / rows;
  return Array.from({ length: size }, (_, at) => all?.[index * size + at] ?? 0);
};

/**
 * A row for each that a model was given: your drawing, each picture, each random point, each stop of the way. It has its
 * class and its error where it has one, and its latents, or its codes; of a model with codes, how much each is used too.
 *
 * @param {readonly Compared[]} compared
 * @param {ReadonlyMap<string, Column>} columns by the model's name
 */
export function tableOf(compared, columns) {
  const hasCodes = compared.some(({ config }) => isGrid(config));
  const longest = Math.max(...compared.map(({ codes }) => codes?.latent ?? 0));
  const names = Array.from({ length: longest }, (_, index) => `${hasCodes ? "code" : "z"}${index + 1}`);
  const rows = compared.flatMap(({ id, rebuilt, codes, errors }) => {
    const { points, way, shares = [], error } = columns.get(id) ?? {};
    const { count = 0, mean = null, labels } = codes ?? {};
    /** @type {(of: Row, values: readonly number[]) => Row} */
    const row = (of, values) => [id, ...of, ...values, ...names.slice(values.length).map(() => "")];
    const use = (/** @type {string | number} */ share) => (hasCodes ? [share] : []);
    /** @type {(what: string, drawn: Column["points"] | undefined) => Row[]} */
    const decoded = (what, drawn) =>
      Array.from({ length: drawn?.count ?? 0 }, (_, at) =>
        row([what, at + 1, "", "", ...use("")], part(drawn?.count ?? 1, drawn?.latents ?? null, at)),
      );
    return [
      row(["drawing", "", "", error ?? "", ...use("")], [...(rebuilt?.mean ?? [])]),
      ...Array.from({ length: count }, (_, at) =>
        row(["picture", at, labels?.[at] ?? "", errors?.[at] ?? "", ...use("")], part(count, mean, at)),
      ),
      ...decoded("random point", points),
      ...decoded("on the way", way),
      ...shares.map((share, code) => row(["use of a code", code, "", "", ...use(share)], [])),
    ];
  });
  const columnsOf = [
    "model",
    "what",
    "number",
    "class",
    "mean_squared_error",
    ...(hasCodes ? ["share"] : []),
    ...names,
  ];
  return { columns: columnsOf, rows };
}
