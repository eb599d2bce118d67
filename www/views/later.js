// The views that come after the first reconstruction, because it does not need them, and their places in the page.

import * as code from "./code.js";
import * as codes from "./explore/codes.js";
import * as compare from "./explore/compare.js";
import * as edits from "./explore/edits.js";
import * as grids from "./explore/grids.js";
import * as kl from "./explore/kl.js";
import * as mend from "./explore/mend.js";
import * as objects from "./explore/objects.js";
import * as order from "./explore/order.js";
import * as plane from "./explore/plane.js";
import * as price from "./explore/price.js";
import * as prior from "./explore/prior.js";
import * as files from "./files.js";
import * as machine from "./machine.js";
import * as scene from "./scene.js";
import * as story from "./story.js";
import * as structure from "./structure.js";
import { unhurried } from "./unhurried.js";

/**
 * @import { Place } from "../types.js"
 */

/** What stands further down, most of it of many digits at once. @type {Place[]} */
const below = [
  ["explore", order.mount],
  ["prior", prior.mount],
  ["objects", objects.mount],
  ["edits", edits.mount],
  ["codes", codes.mount],
  ["mend", mend.mount],
  ["compare", compare.mount],
  ["kl", kl.mount],
  ["price", price.mount],
  ["grids", grids.mount],
  ["plane", plane.mount],
  ["machine", machine.mount],
];

/** @type {Place[]} */
export const places = [
  ["code", code.mount],
  ["scene", scene.mount],
  ["structure", structure.mount],
  ["files", files.mount],
  ["story", story.mount],
  ...below.map(
    ([id, mount]) => /** @type {Place} */ ([id, (element, parts) => unhurried(element, mount(element, parts))]),
  ),
];

/** Their style sheets. */
export const styles = ["structure", "codes", "objects", "explore", "prior", "compare", "machine"];
