// What is measured: frameworks in a browser, each in a page of this harness's own server; JAX in a process.
import { chromium } from "playwright-core";
import http from "node:http";
import fs from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import readline from "node:readline";
import { a, here, num } from "./options.js";

export const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  ...a["chromium-args"].split(" ").filter(Boolean),
];

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};
export const server = http
  .createServer((req, res) => {
    const p = path.join(here, "dist", path.normalize(new URL(req.url, "http://x").pathname));
    res.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    res.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    res.setHeader("Cache-Control", "no-store");
    if (req.url === "/favicon.ico") {
      res.statusCode = 204;
      return res.end();
    }
    if (!fs.existsSync(p) || fs.statSync(p).isDirectory()) {
      res.statusCode = 404;
      return res.end();
    }
    res.setHeader("Content-Type", TYPES[path.extname(p)] || "application/octet-stream");
    fs.createReadStream(p).pipe(res);
  })
  .listen(0, "127.0.0.1");
await new Promise((r) => server.once("listening", r));
const origin = `http://127.0.0.1:${server.address().port}`;

export const limit = (p, ms, what) => {
  let t;
  return Promise.race([
    p,
    new Promise((_, j) => {
      t = setTimeout(() => j(new Error(`timeout after ${ms} ms: ${what}`)), ms);
    }),
  ]).finally(() => clearTimeout(t));
};

/** Those that have to be closed. */
export const open = new Set();

class Browser {
  constructor(name) {
    this.name = name;
    open.add(this);
  }
  url() {
    const [fw, be] = this.name.split(":");
    if (fw === "product") return be ? `${a.product}?workers=${be}` : a.product;
    return `${origin}/${fw === "tfjs" ? "tfjs" : "jaxjs"}.html?backend=${be}`;
  }
  async open() {
    this.log = [];
    this.b = await chromium.launch({
      executablePath: a.chromium,
      args: FLAGS,
      headless: true,
      timeout: 30000,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    this.p = await this.b.newPage();
    this.p.on("pageerror", (e) => this.log.push(`pageerror: ${String(e.message).slice(0, 300)}`));
    this.p.on("console", (m) => {
      if (m.text().startsWith("bench-progress ")) this.progress = m.text().slice(15);
      else if (["error", "warning"].includes(m.type()) && this.log.length < 20)
        this.log.push(`${m.type()}: ${m.text().slice(0, 300)}`);
    });
    await this.p.goto(this.url(), { timeout: 30000 });
    await this.p.waitForFunction(() => globalThis.bench, null, {
      timeout: 30000,
    });
    return await limit(
      this.p.evaluate(() => globalThis.bench.ready),
      30000,
      "ready",
    );
  }
  run(o) {
    return this.p.evaluate((x) => globalThis.bench.run(x), o);
  }
  async adapter() {
    return this.p.evaluate(async () => {
      const x = await navigator.gpu?.requestAdapter();
      const g = document.createElement("canvas").getContext("webgl2"),
        e = g?.getExtension("WEBGL_debug_renderer_info");
      return {
        webgpu: x
          ? {
              vendor: x.info.vendor,
              architecture: x.info.architecture,
              isFallbackAdapter: x.info.isFallbackAdapter,
            }
          : null,
        webgl: g ? g.getParameter(e ? e.UNMASKED_RENDERER_WEBGL : g.RENDERER) : null,
        userAgent: navigator.userAgent,
      };
    });
  }
  async close() {
    open.delete(this);
    await limit(this.b?.close() ?? Promise.resolve(), 10000, "close").catch(() => {});
    this.b = null;
  }
}
class Native {
  constructor(name) {
    this.name = name;
    open.add(this);
  }
  async open() {
    this.log = [];
    this.c = spawn(a.python, [path.join(here, "native_jax.py"), this.name.split(":")[1]], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.dead = new Promise((_, j) => {
      this.c.once("error", j);
      this.c.once("exit", (k) => j(new Error(`python exited with ${k}`)));
    });
    this.dead.catch(() => {});
    this.lines = readline.createInterface({ input: this.c.stdout })[Symbol.asyncIterator]();
    return await this.next(30000);
  }
  async next(ms) {
    return JSON.parse((await limit(Promise.race([this.lines.next(), this.dead]), ms, "python")).value);
  }
  async run(o) {
    this.c.stdin.write(JSON.stringify(o) + "\n");
    return this.next(num("timeout-ms"));
  }
  async close() {
    open.delete(this);
    this.c?.kill();
    this.c = null;
  }
}

/** The target of a name such as tfjs:webgl. */
export const targetOf = (name) => (name.startsWith("jax:") ? new Native(name) : new Browser(name));
