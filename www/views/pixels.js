// Pictures of the model's size, and the colours to paint them in.

/** Side of a drawing in pixels; some models see it in a larger frame. */
const SIDE = 28;

/** The side of square pictures. @param {Float32Array} pixels @param {number} [count] of the pictures */
export const sideOf = (pixels, count = 1) => Math.round(Math.sqrt(pixels.length / count));

const probe = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/**
 * The red, green and blue of a CSS colour; custom properties are resolved at the element.
 *
 * @param {Element} element
 * @param {string} color or just a custom property
 * @returns {[number, number, number]}
 */
export function rgb(element, color) {
  if (!probe) return [0, 0, 0];
  const style = getComputedStyle(element);
  const valueOf = (/** @type {string} */ property) => style.getPropertyValue(property).trim();
  probe.fillStyle = "black"; // An invalid colour leaves this one.
  probe.fillStyle = color.startsWith("--")
    ? valueOf(color)
    : color.replace(/var\((--[\w-]+)\)/g, (_, property) => valueOf(property));
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

const dark = matchMedia("(prefers-color-scheme: dark)");
/** Cached, because asking for a style while the page is being changed is slow. @type {Map<string, [number, number, number]>} */
const known = new Map();

/**
 * The same for the whole page.
 *
 * @param {string} color or just a custom property
 */
export function colorOf(color) {
  const key = `${color} ${dark.matches}`;
  const found = known.get(key) ?? rgb(document.documentElement, color);
  known.set(key, found);
  return found;
}

/** A canvas as large as its picture: ink in the colour of its stage, on a transparent background. */
export class Picture {
  canvas;
  #context;
  #data = new ImageData(SIDE, SIDE);

  /** @param {string} label */
  constructor(label) {
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.canvas.height = SIDE;
    this.canvas.className = "picture";
    this.canvas.setAttribute("role", "img");
    this.label = label;
    this.#context = this.canvas.getContext("2d");
  }

  /** @param {string} label */
  set label(label) {
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  /** Takes over the page's colours, which may have changed. */
  recolor() {
    const [red, green, blue] = rgb(this.canvas, "--ink");
    const { data } = this.#data;
    for (let at = 0; at < data.length; at += 4) {
      [data[at], data[at + 1], data[at + 2]] = [red, green, blue];
    }
  }

  /** @param {Float32Array | null} pixels in [0, 1]; null leaves the canvas empty */
  paint(pixels) {
    const side = pixels ? sideOf(pixels) : this.canvas.width;
    if (side !== this.canvas.width) {
      this.canvas.width = this.canvas.height = side;
      this.#data = new ImageData(side, side);
      this.recolor();
    }
    const { data } = this.#data;
    for (let index = 0; index < side * side; index += 1) {
      data[4 * index + 3] = pixels ? Math.round(255 * pixels[index]) : 0;
    }
    this.#context?.putImageData(this.#data, 0, 0);
  }
}

/**
 * The mean over the pixels.
 *
 * @param {Float32Array} pixels
 * @param {Float32Array} reconstruction
 */
export const meanSquaredError = (pixels, reconstruction) =>
  pixels.reduce((sum, pixel, index) => sum + (pixel - reconstruction[index]) ** 2, 0) / pixels.length;

/**
 * The reconstruction loss in nats: -sum x log p + (1 - x) log(1 - p), or sum (x - p)^2 / (2 sigma_x^2).
 *
 * @param {Float32Array} pixels
 * @param {Float32Array} reconstruction
 * @param {number} [deviation] sigma_x, if the loss is the squared error
 */
export function reconstructionCost(pixels, reconstruction, deviation) {
  if (deviation !== undefined) {
    return (meanSquaredError(pixels, reconstruction) * pixels.length) / (2 * deviation ** 2);
  }
  let cost = 0;
  for (let index = 0; index < pixels.length; index += 1) {
    const p = Math.min(Math.max(reconstruction[index], 1e-6), 1 - 1e-6);
    cost -= pixels[index] * Math.log(p) + (1 - pixels[index]) * Math.log(1 - p);
  }
  return cost;
}

/**
 * The KL of one latent, in nats: KL(N(mu, sigma^2) || N(0, 1)) = 1/2 (mu^2 + sigma^2 - log sigma^2 - 1).
 *
 * @param {number} mu
 * @param {number} logVariance
 */
export const klTerm = (mu, logVariance) => (mu ** 2 + Math.exp(logVariance) - logVariance - 1) / 2;

/**
 * The KL of an encoding, in nats.
 *
 * @param {Float32Array} mean
 * @param {Float32Array} logVariance
 */
export const klOf = (mean, logVariance) => mean.reduce((sum, mu, index) => sum + klTerm(mu, logVariance[index]), 0);
