// The story of each experiment: what to look for and why, its formula, its source, and what to try.

import {
  autoregressive,
  completed,
  cross,
  denoised,
  elbo,
  objects,
  relaxed,
  squared,
  squaredElbo,
  vq,
} from "./formulas.js";

/**
 * @import { Structure } from "./types.js"
 */

/**
 * @typedef {object} Story
 * @property {string} source the paper or lecture, and earlier work that it is based on
 * @property {readonly string[]} sentences what to look for, and why
 * @property {string} formula MathML
 * @property {readonly Try[]} tries
 *
 * @typedef {object} Try what a button of the story does
 * @property {string} label
 * @property {string} [model]
 * @property {readonly number[]} [latents]
 * @property {readonly [index: number, value: number]} [slide] one latent
 * @property {number} [beta]
 * @property {number} [noise] on the drawing
 * @property {"fresh" | "shipped"} [start]
 * @property {Partial<Structure>} [structure] replaces parts of the model's own structure
 * @property {"codes" | "prior"} [stage]
 * @property {true} [play]
 * @property {readonly [view: string, ...names: string[]]} [press] buttons or boxes of a view, scrolled into sight
 * @property {"digits" | "garments"} [sample]
 * @property {true} [above] whether to scroll to the top, where the effect is seen
 */

/** The button to press before each edit of a grid, so that it starts from the encoder's codes. */
const AFRESH = "Back to the encoder";

/** @type {{ [experiment: string]: Story }} */
export const STORIES = {
  tiny: {
    source: "A small VAE (Kingma & Welling 2014) made to learn within seconds",
    sentences: [
      "An encoder squeezes the 784 pixels of your digit into eight numbers, and a decoder draws the digit again from those alone.",
      "Train it from nothing: your own drawing is decoded again and again while the network learns to draw.",
    ],
    formula: elbo,
    tries: [{ label: "Train from nothing", start: "fresh", play: true, above: true }],
  },
  E1: {
    source: "Paper 002; the dense autoencoder of the Keras guide",
    sentences: [
      "One dense layer in, one out, and 32 numbers between them that are never negative: the smallest network that can be called an autoencoder.",
      "Look at thin strokes and loops: the code has room for them, so the reconstruction is sharp. But slide a single number and what appears is no digit: nobody asked the code to be smooth.",
    ],
    formula: cross,
    tries: [
      { label: "Slide a single number", slide: [0, 0], above: true },
      { label: "Train from nothing", start: "fresh", play: true },
    ],
  },
  E2: {
    source: "Paper 002; Higgins et al. 2017 (β-VAE)",
    sentences: [
      "Two numbers for each digit, drawn as a point on a plane. The KL holds the points together around the middle; its weight β says how tightly.",
      "Compare β = 1 with β = 2: with more weight the KL falls and the cloud shrinks, and the reconstruction pays for it.",
    ],
    formula: elbo,
    tries: [
      { label: "β = 1", model: "E2" },
      { label: "β = 2", model: "E2/beta2" },
      { label: "The middle of the plane", latents: [0, 0] },
    ],
  },
  wide: {
    source: "The VAE of PyTorch's examples; Kingma & Welling 2014",
    sentences: [
      "With twenty latents the reconstruction keeps far more of your handwriting than with two.",
      "All twenty are in use: the bars below say what each tells. Raise β while it trains, and the bars of those that do not pay their price sink to nothing.",
    ],
    formula: elbo,
    tries: [{ label: "Compare with two latents", model: "E2" }],
  },
  E3: {
    source:
      "Paper 001; Nash et al. 2017 (multi-entity VAE), with a glimpse and a place for each object as in Eslami et al. 2016 and Crawford & Pineau 2019",
    sentences: [
      "Two or three digits on one canvas, and nobody says where one ends and the next begins. Each cell of a 6 × 6 grid answers three questions: is there an object near me, where exactly, and what does it look like, in twelve numbers? Each object is drawn by itself, and the drawings are laid over each other.",
      "How much a cell says is counted in nats, a unit of information: what it says costs as much, and every object costs something on top. So the cheapest way to describe a digit is a single object in one piece. Draw two digits and look which cells light up. Drag one away, delete it, copy it into your next drawing: the other stays as it is.",
      "Train it from nothing, and watch objects take shape out of smears within some hundred steps. Then try the simpler rule of the paper: always draw the K = 4 cells that say most. It fails, for a cell that is not among the four learns nothing: nobody shows it what it could have drawn. So four cells share the digits in pieces, and the count is always four.",
    ],
    formula: objects,
    tries: [
      { label: "Train from nothing", structure: {}, start: "fresh", play: true, above: true },
      {
        label: "Train with the 4 strongest cells alone",
        structure: { selection: "largest" },
        start: "fresh",
        play: true,
        above: true,
      },
      { label: "Back to the model as it comes", structure: {}, start: "shipped", above: true },
      { label: "Sample from the prior", press: ["objects", "Sample from the prior"] },
    ],
  },
  E4: {
    source: "Lecture 000; the convolutional VAE of the TensorFlow tutorial",
    sentences: [
      "Convolutions see strokes wherever they are. At two latents they draw better digits than the dense network with a quarter of its parameters; at eight, far better ones.",
      "Train it from fresh weights: the first shapes are blurs in the middle; after a few hundred steps they take sides.",
    ],
    formula: elbo,
    tries: [
      { label: "Train from nothing", start: "fresh", play: true },
      { label: "Two latents", model: "E4/plane" },
    ],
  },
  E5: {
    source: "Lectures 000 and 004; Pearson 1901, Hinton & Salakhutdinov 2006",
    sentences: [
      "PCA is the best that a linear code can do. With as many numbers, the autoencoder's error is 30 to 45 % smaller, because it may bend.",
      "Switch between the two and look at your own drawing: what PCA draws are sums and differences of ghosts.",
    ],
    formula: squared,
    tries: [
      { label: "PCA, 8 numbers", model: "E5/pca-8" },
      { label: "AE, 8 numbers", model: "E5/8" },
    ],
  },
  E6: {
    source: "Papers 001, 003 and 004",
    sentences: [
      "Both have two numbers. The autoencoder put its digits wherever it liked, in crowds with gaps between them, and nothing says where to draw from; the VAE was made to fill its plane as its prior does.",
      "Drag the point slowly from one digit to another in each, or let both walk, and look at what lies between. To a classifier random places of either are digits nearly always: what differs is which, and where.",
    ],
    formula: elbo,
    tries: [
      { label: "The autoencoder", model: "E6" },
      { label: "The VAE", model: "E6/vae" },
      { label: "Walk to another digit", press: ["compare", "Walk from this drawing"], sample: "digits" },
    ],
  },
  E7: {
    source: "Paper 001",
    sentences: [
      "With one number a digit is one of a list of typical digits; with eight it is yours; with sixty-four your pen's tremble is in it.",
      "Scribble something that is no digit, or take a garment: with eight numbers a garment's error is above a digit's in 98 of 100 pairs. So autoencoders find what does not belong.",
    ],
    formula: cross,
    tries: [
      { label: "One number", model: "E7/1" },
      { label: "Eight", model: "E7" },
      { label: "Sixty-four", model: "E7/64" },
      { label: "A garment", sample: "garments" },
    ],
  },
  E8: {
    source: "Papers 001 and 003; Vincent et al. 2008",
    sentences: [
      "It was shown noisy digits and asked for the clean ones. To do that it must know what digits are like.",
      "Draw with a shaking hand, or add stray dots: what is no part of a digit goes.",
    ],
    formula: denoised,
    tries: [
      { label: "A little noise", noise: 0.2 },
      { label: "More than it was trained on", noise: 0.8 },
      { label: "Train from nothing", start: "fresh", play: true },
    ],
  },
  E9: {
    source: "Paper 001; Pathak et al. 2016",
    sentences: [
      "Half of the picture, a square or a few strokes were erased, and it was asked for the whole.",
      "Erase its lower half: what is drawn there is what it expects. A code of four numbers knows only typical digits; sixty-four keep your own.",
    ],
    formula: completed,
    tries: [
      { label: "Erase the lower half", press: ["mend", "Lower half"] },
      { label: "A code of four", model: "E9" },
      { label: "A code of sixty-four", model: "E9/64" },
    ],
  },
  E10: {
    source: "Paper 003; Xiao et al. 2017 (Fashion-MNIST)",
    sentences: [
      "Garments in place of digits: convolutions squeeze each into two numbers, so that all of them can be seen on a plane.",
      "Trousers lie apart, shoes lie together, and what is worn above the belt overlaps. Take 18 random places: what is decoded in the gaps between the clouds is often faint, or between two garments.",
    ],
    formula: cross,
    tries: [
      { label: "18 random places", press: ["plane", "18 random places"] },
      { label: "The middle of the plane", latents: [0, 0] },
      { label: "The same without gaps", model: "E11" },
    ],
  },
  E11: {
    source: "Paper 003; Kingma & Welling 2014",
    sentences: [
      "The same network as a VAE: the KL draws the clouds together around the middle, and the gaps between them close, so that wherever you point there is some garment.",
      "After the normal CDF the plane is a square, as even as the prior is. Each class owns the places around its own garments: a tenth of the square would be its fair share.",
    ],
    formula: elbo,
    tries: [
      { label: "After the normal CDF", press: ["plane", "After the normal CDF"] },
      { label: "The middle of the plane", latents: [0, 0] },
      { label: "The same with gaps", model: "E10" },
    ],
  },
  E12: {
    source: "Lecture 004; Lin et al. 2014",
    sentences: [
      "The dense head knows where each feature was seen; the head without a dense layer averages over all places and knows only what was seen.",
      "Compare the two: without places, digits that share their parts fall together.",
    ],
    formula: elbo,
    tries: [
      { label: "Dense head", model: "E12" },
      { label: "Head of convolutions alone", model: "E12/conv" },
    ],
  },
  E13: {
    source: "Lecture 004; Bowman et al. 2016, Lucas et al. 2019",
    sentences: [
      "Average the squared error over 784 pixels but keep the full KL, and the KL wins: every digit is encoded at the origin, and the decoder draws the mean of all digits. That is posterior collapse.",
      "Sum the error instead, and both latents come back to life; with β = 0 there is no KL at all, and it is a plain autoencoder.",
    ],
    formula: squaredElbo,
    tries: [
      { label: "Collapsed", model: "E13" },
      { label: "Mended", model: "E13/mended" },
      { label: "No KL at all", model: "E13/ae" },
    ],
  },
  E14: {
    source:
      "Lecture 004; van den Oord et al. 2017 (VQ-VAE). By running averages the codebook follows without the middle term",
    sentences: [
      "In place of a few numbers for the whole picture, each of 7 × 7 cells gets one of 64 codes. What the encoder says of a cell is replaced by the nearest vector of a codebook, and the gradient passes as if nothing had been replaced.",
      "Point at a code to see what it paints and where else it stands, and paint with it. Of fresh weights half of the codes or more are dead, for no cell takes them: the first two models put those where the encoder speaks, and begin with a bias for each pixel, so that codes are not spent on what all digits share. The third has neither. Train one from nothing and watch the bars.",
    ],
    formula: vq,
    tries: [
      { label: "Codebook by running averages", model: "E14" },
      { label: "By its loss", model: "E14/loss" },
      { label: "No help", model: "E14/plain" },
      { label: "Train from nothing", start: "fresh", play: true },
    ],
  },
  E15: {
    source: "Lecture 004",
    sentences: [
      "Codes know their place only by where they stand: a shift by a cell is a shift of the picture by four pixels, and halves of two digits can be joined.",
      "Rotate or flip the grid and the digit is lost, for each code still paints its stroke the way it was. Negate the vectors, and paper gets more ink than what was ink.",
    ],
    formula: vq,
    tries: [
      { label: "Shift right", press: ["edits", AFRESH, "Shift right"] },
      { label: "Rotate", press: ["edits", AFRESH, "Rotate by 90°"] },
      { label: "Negate the vectors", press: ["edits", AFRESH, "Vectors negated"] },
      { label: "Halves of two digits", press: ["edits", AFRESH, "Left half mine"] },
    ],
  },
  E16: {
    source: "Lecture 004; Ramesh et al. 2021 (dVAE), Jang et al. 2017",
    sentences: [
      "Here the encoder votes: it says for each cell how likely each code is. While training codes are mixed by the Gumbel-softmax, less and less as its temperature falls; afterwards the likeliest alone is taken.",
      "Cut a rectangle out of another digit's codes and drop it into yours: it paints there what it painted at home.",
    ],
    formula: relaxed,
    tries: [
      { label: "The dVAE", model: "E16" },
      { label: "A VQ-VAE of its size", model: "E16/vq" },
    ],
  },
  E17: {
    source: "Lecture 004; van den Oord et al. 2016 (gated PixelCNN)",
    sentences: [
      "Codes drawn each by itself give rubble, however often each of them is used. A second network learned which code comes after which: it draws a grid cell by cell, and a digit appears.",
      "Watch the bars while it dreams: where a stroke has to go on, one code has nearly all the weight; where a digit is still free to be another, many share it. Erase half of your own digit and let it be completed.",
    ],
    formula: autoregressive,
    tries: [
      { label: "Train the prior on", stage: "prior", play: true },
      { label: "Train the codes from nothing", start: "fresh", stage: "codes", play: true },
      { label: "Codes without a prior", model: "E14" },
    ],
  },
};
