// The package as people have it: the files that npm packs, in a project of its own; and the code that its README gives them.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect } from "./fixtures.js";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULES = join(ROOT, "tests/node_modules");

/** What the package's README says that a page has to allow. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src data:",
].join("; ");

/** A folder in which the package is installed, and beside it what bundles it. */
export class Project {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "latent-lab-")));
  /** @type {string[]} the files of the package */
  files;

  constructor() {
    const packed = execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: join(ROOT, "pkg") });
    const [{ files }] = JSON.parse(String(packed));
    this.files = files.map((/** @type {{ path: string }} */ { path }) => path);
    const home = join(this.folder, "node_modules/latent-lab");
    for (const file of this.files) cpSync(join(ROOT, "pkg", file), join(home, file));
    // The repository's README names it by this path.
    symlinkSync(home, join(this.folder, "pkg"));
    symlinkSync(join(MODULES, "@rollup"), join(this.folder, "node_modules/@rollup"));
    this.write("package.json", `{ "type": "module" }`);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  write(name, text) {
    writeFileSync(join(this.folder, name), text);
  }

  /** @param {string} name of a file or of a folder */
  remove(name) {
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** @param {string} name of a file of the package */
  read(name) {
    return readFileSync(join(this.folder, "node_modules/latent-lab", name), "utf8");
  }

  /** @param {string} lines for a shell, in the folder */
  run(lines) {
    const PATH = `${join(MODULES, ".bin")}:${process.env.PATH}`;
    return String(execFileSync("sh", ["-ec", lines], { cwd: this.folder, env: { ...process.env, PATH } }));
  }

  /** @param {string} body of an empty page */
  page(body = "") {
    this.write("index.html", `<!doctype html><link rel="icon" href="data:," />${body}`);
    return "index.html";
  }

  /**
   * The folder under `own/`, as a strict host would serve it.
   *
   * @param {import("@playwright/test").Page} page
   */
  async serve(page) {
    const headers = { "content-security-policy": POLICY };
    await page.route("**/own/**", (route) => {
      const [, path] = new URL(route.request().url()).pathname.split("/own/");
      return route.fulfill({ path: join(this.folder, path), headers });
    });
  }
}

/**
 * The code of a language in a README.
 *
 * @param {string} path from the root
 * @param {"js" | "sh"} language
 * @returns {string[]}
 */
export function blocks(path, language) {
  const text = readFileSync(join(ROOT, path), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, of]) => of === language).map(([, , code]) => code);
}

/**
 * The programs of a README: a block that imports begins one, and those after it go on with what it has, each by itself.
 *
 * @param {string} path from the root
 */
export function programs(path) {
  /** @type {string[]} */
  const found = [];
  for (const code of blocks(path, "js")) {
    if (code.startsWith("import ")) found.push(code);
    else if (!code.startsWith("// ")) found.push(`${found.pop()}{\n${code}}\n`);
  }
  return found;
}

/**
 * @type {import("@playwright/test").Fixtures<
 *   {},
 *   { project: Project },
 *   import("@playwright/test").PlaywrightTestArgs & import("@playwright/test").PlaywrightTestOptions
 * >}
 */
const fixtures = {
  project: [
    async ({}, use) => {
      const project = new Project();
      await use(project);
      rmSync(project.folder, { recursive: true });
    },
    { scope: "worker" },
  ],
};

export const test = base.extend(fixtures);
export { expect };
