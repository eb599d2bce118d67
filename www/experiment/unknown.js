// What files of unknown kinds are, so that a refusal can say it.

/** How files begin, read as Latin-1. */
const BEGINNINGS = [
  ["\x89PNG", "a PNG picture"],
  ["\xff\xd8\xff", "a JPEG picture"],
  ["GIF8", "a GIF picture"],
  ["%PDF", "a PDF document"],
  ["PK\x03\x04", "a ZIP archive: unpack it and look inside"],
  ["\xfd7zXZ", "an XZ archive: unpack it and look inside"],
  ["\x93NUMPY", "a NumPy array"],
  ["\x89HDF", "an HDF5 file"],
  ["PAR1", "a Parquet table"],
];
/** Control characters, which text does not contain. */
const NO_TEXT = /[^\t\n\r\x20-\x7e\x80-\xff]/;

/**
 * What the file is, as words that follow "is".
 *
 * @param {Uint8Array} start of the file
 */
export function wordsFor(start) {
  if (start.length === 0) return "empty";
  const begins = String.fromCharCode(...start);
  const [, known] = BEGINNINGS.find(([beginning]) => begins.startsWith(beginning)) ?? [];
  return known ?? (NO_TEXT.test(begins) ? "no file that this page knows" : "text");
}
