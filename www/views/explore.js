// The views further down, most of them of many digits at once, and their places in the page.

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
import * as machine from "./machine.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/** @type {[string, (element: HTMLElement, parts: Parts) => View][]} */
export const places = [
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
