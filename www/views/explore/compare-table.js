// The numbers of the comparison as a table.

import { gridOf } from "../../model.js";

/**
 * @import { Compared } from "../../types.js"
 * @import { Column } from "./column.js"
 */

/** @typedef {{ label?: number, error?: number | null, share?: number }} Facts values that only some rows have */

/**
 * A row for each input of a model: the drawing, each picture, each random point, and each stop of the way. It has the
 * class and the error if there are any, and the latents or codes. Models with codes also have a row for the use of each
 * code.
 *
 * @param {readonly Compared[]} compared
 * @param {ReadonlyMap<string, Column>} columns by the model's name
 */
export function tableOf(compared, columns) {
  const hasCodes = compared.some(({ description }) => gridOf(description));
  const longest = Math.max(...compared.map(({ codes }) => codes?.latent ?? 0));
  const names = Array.from({ length: longest }, (_, index) => `${hasCodes ? "code" : "z"}${index + 1}`);
  const shares = hasCodes ? ["share"] : [];

  /** @param {Compared} one */
  function rowsOf({ id, rebuilt, codes, errors }) {
    const column = columns.get(id);
    /** @type {(what: string, number: number | "", facts: Facts, values?: ArrayLike<number>) => (string | number)[]} */
    const row = (what, number, { label, error, share }, values = []) => {
      const known = [label ?? "", error ?? "", ...shares.map(() => share ?? "")];
      return [id, what, number, ...known, ...names.map((_, at) => values[at] ?? "")];
    };
    /** @type {(what: string, rows: Column["points"] | undefined) => (string | number)[][]} */
    const decoded = (what, rows) => {
      const { count, latents } = rows ?? { count: 0, latents: new Float32Array() };
      const size = latents.length / count;
      return Array.from({ length: count }, (_, at) =>
        row(what, at + 1, {}, latents.subarray(at * size, (at + 1) * size)),
      );
    };
    const { count, latent, labels, mean } = codes ?? { count: 0, latent: 0, labels: null, mean: new Float32Array() };
    return [
      row("drawing", "", { error: column?.error }, rebuilt?.mean),
      ...Array.from({ length: count }, (_, at) => {
        const facts = { label: labels?.[at], error: errors?.[at] };
        return row("picture", at, facts, mean.subarray(at * latent, (at + 1) * latent));
      }),
      ...decoded("random point", column?.points),
      ...decoded("on the way", column?.way),
      ...(column?.shares ?? []).map((share, code) => row("use of a code", code, { share })),
    ];
  }

  const head = ["model", "what", "number", "class", "mean_squared_error", ...shares, ...names];
  return { columns: head, rows: compared.flatMap(rowsOf) };
}
