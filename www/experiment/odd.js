// What looks odd about the user's images, and what mends it.

/**
 * @import { DataInfo, Mend, Oddity } from "../types.js"
 */

/** @type {{ [oddity in Oddity]: { words: string, mend?: { how: Mend, label: string } } }} */
const ODD = {
  dim: {
    words: "no pixel is half as bright as white",
    mend: { how: "scale", label: "Scale to full brightness" },
  },
  dark_on_light: {
    words: "they are dark on light, and the models here know light on dark",
    mend: { how: "invert", label: "Invert them" },
  },
  single: { words: "there is only one" },
  equal: { words: "all are the same" },
  blank: { words: "blank ones are among them" },
};

/**
 * A sentence if anything looks odd, otherwise an empty string.
 *
 * @param {DataInfo} data
 */
export function oddWords({ oddities }) {
  const words = oddities.map((oddity) => ODD[oddity].words);
  return words.length > 0 ? `Something looks odd: ${words.join("; ")}.` : "";
}

/**
 * The mends that suit the images, with labels for their buttons.
 *
 * @param {DataInfo} data
 */
export const mendsOf = ({ oddities }) => oddities.flatMap((oddity) => ODD[oddity].mend ?? []);
