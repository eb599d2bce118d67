// The formulas of the stories, in MathML.

/** Each part is kept in one piece, and a narrow line breaks between parts. @param {string[]} parts */
const math = (...parts) => parts.map((part) => `<math display="block">${part}</math>`).join("");
/** @param {string} name */
const i = (name) => `<mi>${name}</mi>`;
/** @param {string} sign */
const o = (sign) => `<mo>${sign}</mo>`;
/** @param {string | number} value */
const n = (value) => `<mn>${value}</mn>`;
/** @param {string} base @param {string} index */
const sub = (base, index) => `<msub>${base}${index}</msub>`;
/** @param {string} base @param {string | number} power */
const sup = (base, power) => `<msup>${base}<mn>${power}</mn></msup>`;
/** @param {string} over @param {string} under */
const frac = (over, under) => `<mfrac><mrow>${over}</mrow><mrow>${under}</mrow></mfrac>`;
const log = `${i("log")}<mspace width="0.15em"/>`;
const open = `<mo stretchy="false">(</mo>`;
const close = `<mo stretchy="false">)</mo>`;
/** @param {string} inner */
const fence = (inner) => `<mrow>${open}${inner}${close}</mrow>`;
/** Parentheses as high as their content. @param {string} inner */
const stretchy = (inner) => `<mrow>${o("(")}${inner}${o(")")}</mrow>`;
/** An operator at the beginning of a part. @param {string} sign */
const infix = (sign) => `<mo form="infix">${sign}</mo>`;
const sum = `<munder>${o("∑")}${i("i")}</munder>`;
const x = sub(i("x"), i("i"));
const hat = sub(`<mover>${i("x")}${o("^")}</mover>`, i("i"));
const p = sub(i("p"), i("i"));
export const cross = math(
  `${i("L")}${o("=")}${sum}${o("−")}${x}${log}${p}`,
  `${infix("−")}${fence(`${n(1)}${o("−")}${x}`)}${log}${fence(`${n(1)}${o("−")}${p}`)}`,
);
export const squared = math(
  `${i("L")}${o("=")}${sum}${frac(sup(fence(`${x}${o("−")}${hat}`), 2), `${n(2)}${sup(sub(i("σ"), i("x")), 2)}`)}`,
);
export const elbo = math(
  `${i("L")}${o("=")}${sub(i("E"), i("q"))}${fence(`${o("−")}${log}${i("p")}${fence(`${i("x")}${o("|")}${i("z")}`)}`)}`,
  `${infix("+")}${i("β")}<mi>KL</mi>${fence(`${i("q")}${fence(`${i("z")}${o("|")}${i("x")}`)}${o("‖")}${i("N")}${fence(`${n(0)}${o(",")}${i("I")}`)}`)}`,
);

export const squaredElbo = math(
  `${i("L")}${o("=")}${sum}${frac(sup(fence(`${x}${o("−")}${hat}`), 2), `${n(2)}${sup(sub(i("σ"), i("x")), 2)}`)}`,
  `${infix("+")}${i("β")}<mi>KL</mi>${fence(`${i("q")}${fence(`${i("z")}${o("|")}${i("x")}`)}${o("‖")}${i("N")}${fence(`${n(0)}${o(",")}${i("I")}`)}`)}`,
);

const norm = (/** @type {string} */ inner) => `<msup><mrow>${o("‖")}${inner}${o("‖")}</mrow><mn>2</mn></msup>`;
const stop = (/** @type {string} */ inner) => `<mi>sg</mi><mrow>${o("[")}${inner}${o("]")}</mrow>`;
const z_e = sub(i("z"), i("e"));
export const vq = math(
  `${i("L")}${o("=")}${o("−")}${log}${i("p")}${fence(`${i("x")}${o("|")}${i("e")}`)}`,
  `${infix("+")}${norm(`${stop(z_e)}${o("−")}${i("e")}`)}`,
  `${infix("+")}${i("β")}${norm(`${z_e}${o("−")}${stop(i("e"))}`)}`,
);
export const relaxed = math(
  `${i("L")}${o("=")}${o("−")}${log}${i("p")}${fence(`${i("x")}${o("|")}${i("y")}`)}`,
  `${infix("+")}${i("β")}<mi>KL</mi>${fence(`${i("q")}${o("‖")}<mfrac><mn>1</mn><mi>K</mi></mfrac>`)}${o(",")}`,
  `${i("y")}${o("=")}<mi>softmax</mi>${stretchy(frac(`${log}${i("q")}${o("+")}${i("g")}`, i("τ")))}${o(",")}`,
  `${i("g")}${o("~")}<mi>Gumbel</mi>${fence(`${n(0)}${o(",")}${n(1)}`)}`,
);
export const autoregressive = math(
  `${i("p")}${fence(i("c"))}${o("=")}<munder>${o("∏")}${i("i")}</munder>${i("p")}${fence(`${sub(i("c"), i("i"))}${o("|")}${sub(i("c"), n(1))}${o(",")}${o("…")}${o(",")}${sub(i("c"), `<mrow>${i("i")}${o("−")}${n(1)}</mrow>`)}`)}`,
);

export const objects = math(
  `${i("L")}${o("=")}${o("−")}${log}${i("p")}${stretchy(`${i("x")}${o("|")}${n(1)}${o("−")}<munder>${o("∏")}${i("k")}</munder>${fence(`${n(1)}${o("−")}${sub(i("a"), i("k"))}${sub(i("p"), i("k"))}`)}`)}`,
  `${infix("+")}<munder>${o("∑")}${i("k")}</munder>${sub(i("q"), i("k"))}${i("β")}<mi>KL</mi>${fence(`${sub(i("z"), i("k"))}`)}`,
  `${infix("+")}<munder>${o("∑")}${i("k")}</munder>${sub(i("q"), i("k"))}<mi>KL</mi>${fence(sub(`<mi>place</mi>`, i("k")))}`,
  `${infix("+")}<munder>${o("∑")}${i("k")}</munder><mi>KL</mi>${fence(sub(i("q"), i("k")))}`,
  `${infix("+")}<mi>ink painted twice</mi>`,
);

export const denoised = math(
  `${i("L")}${o("=")}<mi>BCE</mi>${fence(`${i("x")}${o(",")}${i("f")}${fence(`<mi>clip</mi>${fence(`${i("x")}${o("+")}${i("σ")}${i("ε")}`)}`)}`)}${o(",")}${i("ε")}${o("~")}${i("N")}${fence(`${n(0)}${o(",")}${i("I")}`)}`,
);

export const completed = math(
  `${i("L")}${o("=")}<mi>BCE</mi>${fence(`${i("x")}${o(",")}${i("f")}${fence(`${fence(`${n(1)}${o("−")}${i("m")}`)}${i("x")}`)}`)}`,
);
