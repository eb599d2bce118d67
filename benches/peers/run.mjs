// Runs the peers (and optionally the product) side by side. See README.md.
import { chromium } from "playwright-core";
import http from "node:http";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawn } from "node:child_process";
import readline from "node:readline";
import { parseArgs } from "node:util";

const here = path.dirname(new URL(import.meta.url).pathname);
const { values: a } = parseArgs({
    options: {
        targets: {
            type: "string",
            default:
                "tfjs:webgpu,tfjs:webgl,tfjs:wasm,tfjs:cpu,jax-js:webgpu,jax-js:wasm,jax-js:webgl,jax:native,jax:shuffle",
        },
        product: { type: "string" }, // URL of a page exposing window.bench
        models: { type: "string", default: "C,D" },
        batches: { type: "string", default: "32,128" },
        tasks: { type: "string", default: "train,latency,decode" }, // also: check
        rounds: { type: "string", default: "3" },
        steps: { type: "string", default: "100" },
        "budget-ms": { type: "string", default: "3000" },
        "timeout-ms": { type: "string", default: "60000" }, // per request; then the browser is closed
        "max-minutes": { type: "string", default: "20" },
        chromium: { type: "string", default: "/usr/bin/chromium" },
        "chromium-args": { type: "string", default: "" },
        python: {
            type: "string",
            default: path.join(here, ".venv/bin/python"),
        },
        out: { type: "string", default: "results/last.json" },
    },
});
const list = (s) => s.split(",").filter(Boolean);
const num = (k) => Number(a[k]);
const targets = list(a.targets);
if (a.product) targets.push("product", `product:${os.cpus().length}`); // without workers, and with one for each core

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
const server = http
    .createServer((req, res) => {
        const p = path.join(
            here,
            "dist",
            path.normalize(new URL(req.url, "http://x").pathname),
        );
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
        res.setHeader(
            "Content-Type",
            TYPES[path.extname(p)] || "application/octet-stream",
        );
        fs.createReadStream(p).pipe(res);
    })
    .listen(0, "127.0.0.1");
await new Promise((r) => server.once("listening", r));
const origin = `http://127.0.0.1:${server.address().port}`;

const limit = (p, ms, what) => {
    let t;
    return Promise.race([
        p,
        new Promise((_, j) => {
            t = setTimeout(
                () => j(new Error(`timeout after ${ms} ms: ${what}`)),
                ms,
            );
        }),
    ]).finally(() => clearTimeout(t));
};

class Browser {
    constructor(name) {
        this.name = name;
        open.add(this);
    }
    url() {
        const [fw, be] = this.name.split(":");
        if (fw === "product")
            return be ? `${a.product}?workers=${be}` : a.product;
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
        this.p.on("pageerror", (e) =>
            this.log.push(`pageerror: ${String(e.message).slice(0, 300)}`),
        );
        this.p.on("console", (m) => {
            if (m.text().startsWith("bench-progress "))
                this.progress = m.text().slice(15);
            else if (
                ["error", "warning"].includes(m.type()) &&
                this.log.length < 20
            )
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
                webgl: g
                    ? g.getParameter(e ? e.UNMASKED_RENDERER_WEBGL : g.RENDERER)
                    : null,
                userAgent: navigator.userAgent,
            };
        });
    }
    async close() {
        open.delete(this);
        await limit(this.b?.close() ?? Promise.resolve(), 10000, "close").catch(
            () => {},
        );
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
        this.c = spawn(
            a.python,
            [path.join(here, "native_jax.py"), this.name.split(":")[1]],
            { stdio: ["pipe", "pipe", "ignore"] },
        );
        this.dead = new Promise((_, j) => {
            this.c.once("error", j);
            this.c.once("exit", (k) => j(new Error(`python exited with ${k}`)));
        });
        this.dead.catch(() => {});
        this.lines = readline
            .createInterface({ input: this.c.stdout })
            [Symbol.asyncIterator]();
        return await this.next(30000);
    }
    async next(ms) {
        return JSON.parse(
            (
                await limit(
                    Promise.race([this.lines.next(), this.dead]),
                    ms,
                    "python",
                )
            ).value,
        );
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

// Share of the machine used by processes that are not ours, from /proc.
function cpuTicks() {
    const f = fs
        .readFileSync("/proc/stat", "utf8")
        .split("\n")[0]
        .trim()
        .split(/\s+/)
        .slice(1)
        .map(Number);
    const busy = f[0] + f[1] + f[2] + f[5] + f[6] + f[7],
        parent = new Map(),
        t = new Map();
    for (const d of fs.readdirSync("/proc"))
        if (/^\d+$/.test(d))
            try {
                const s = fs.readFileSync(`/proc/${d}/stat`, "utf8"),
                    r = s.slice(s.lastIndexOf(")") + 2).split(" ");
                parent.set(+d, +r[1]);
                t.set(+d, +r[11] + +r[12]);
            } catch {
                /* gone */
            }
    let own = 0;
    for (const [pid, v] of t) {
        let p = pid;
        while (p && p !== process.pid) p = parent.get(p) ?? 0;
        if (p === process.pid) own += v;
    }
    return { busy, own, at: Date.now() };
}
function foreignShare(x, y) {
    const total = ((y.at - x.at) / 1000) * 100 * os.cpus().length;
    return total > 0
        ? Math.max(0, (y.busy - x.busy - (y.own - x.own)) / total)
        : 0;
}

const open = new Set();
for (const sig of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(sig, async () => {
        report(); // what was measured so far
        await Promise.all([...open].map((x) => x.close()));
        process.exit(1);
    });
const docs = Object.fromEntries(
    targets.map((t) => [
        t,
        { target: t, info: null, runs: [], unsupported: [], log: [] },
    ]),
);
const skip = new Set(),
    tooSlow = new Map(),
    tEnd = Date.now() + num("max-minutes") * 60000;
const requests = [];
for (const task of list(a.tasks))
    for (const model of list(a.models))
        for (const batch of task === "train"
            ? list(a.batches).map(Number)
            : [0])
            requests.push({
                task,
                model,
                ...(batch && { batch, steps: num("steps"), readEvery: 10 }),
                ...(task === "latency"
                    ? { n: 50 }
                    : task === "decode"
                      ? { latents: 100, n: 10 }
                      : {}),
                budgetMs: Math.max(
                    num("budget-ms"),
                    task === "latency" ? 8000 : 0,
                ),
            });

let machine = null;
for (let round = 0; round < num("rounds") && Date.now() < tEnd; round++) {
    const live = new Map();
    const order = round % 2 ? [...targets].reverse() : targets; // alternate the order
    for (const t of order) {
        const x = t.startsWith("jax:") ? new Native(t) : new Browser(t);
        try {
            const info = await limit(x.open(), 45000, "open");
            if (x.adapter && !machine) machine = await x.adapter();
            docs[t].info ??= info;
            live.set(t, x);
        } catch (e) {
            docs[t].unsupported.push({
                task: "open",
                error: String(e.message).slice(0, 300),
            });
            await x.close();
        }
    }
    for (const q of requests)
        for (const t of order) {
            const id = `${t}|${q.task}|${q.model}|${q.batch || ""}`;
            if (skip.has(id) || !live.has(t) || Date.now() > tEnd) continue;
            if (q.batch && q.batch > tooSlow.get(`${t}|${q.model}`)?.batch) {
                // a smaller batch already timed out
                skip.add(id);
                docs[t].unsupported.push({
                    ...q,
                    supported: false,
                    error: `not tried: ${tooSlow.get(`${t}|${q.model}`).why}`,
                });
                continue;
            }
            const c0 = cpuTicks();
            live.get(t).progress = undefined;
            let r, c1;
            try {
                r = await limit(live.get(t).run(q), num("timeout-ms"), id);
            } catch (e) {
                c1 = cpuTicks();
                if (q.batch && /timeout/.test(e.message))
                    tooSlow.set(`${t}|${q.model}`, {
                        batch: q.batch,
                        why: `batch ${q.batch} passed ${num("timeout-ms")} ms`,
                    });
                r = {
                    ...q,
                    supported: false,
                    error: String(e.message).slice(0, 400),
                    progress: live.get(t).progress,
                };
                docs[t].log.push(...live.get(t).log);
                await live.get(t).close();
                live.delete(t);
                const x = t.startsWith("jax:") ? new Native(t) : new Browser(t);
                try {
                    await limit(x.open(), 45000, "reopen");
                    live.set(t, x);
                } catch {
                    await x.close();
                }
            }
            if (q.task === "train" && r.supported && r.firstStepMs)
                for (const b of list(a.batches).map(Number)) {
                    const guess =
                        (r.firstStepMs + r.msPerStep) * (b / q.batch) * 0.7;
                    if (b > q.batch && guess > num("timeout-ms"))
                        tooSlow.set(`${t}|${q.model}`, {
                            batch: q.batch,
                            why: `batch ${q.batch} took ${Math.round(r.msPerStep)} ms/step, so this one would pass ${num("timeout-ms")} ms`,
                        });
                }
            r.round = round;
            r.foreignCpu = +foreignShare(c0, c1 ?? cpuTicks()).toFixed(3);
            r.load1 = +os.loadavg()[0].toFixed(2);
            if (r.supported === false) {
                skip.add(id);
                docs[t].unsupported.push(r);
            } else docs[t].runs.push(r);
            console.error(
                `[${round}] ${id} ${r.supported === false ? "NOT SUPPORTED " + r.error.slice(0, 140) + " " + (r.progress ?? "") : r.task === "train" ? `${r.msPerStep.toFixed(1)} ms/step first ${r.firstStepMs?.toFixed(0)} ms n=${r.steps}` : r.samples ? `${med(r.samples).toFixed(1)} ms n=${r.samples.length}` : JSON.stringify(r.losses)} foreign=${r.foreignCpu}`,
            );
        }
    for (const [t, x] of live) {
        docs[t].log.push(...x.log);
        await x.close();
    }
}
server.close();

function med(v) {
    const s = [...v].sort((p, q) => p - q),
        n = s.length;
    return n ? (n % 2 ? s[(n - 1) / 2] : (s[n / 2 - 1] + s[n / 2]) / 2) : NaN;
}
function pct(v, p) {
    const s = [...v].sort((x, y) => x - y);
    return s[Math.min(s.length - 1, Math.ceil(p * s.length) - 1)];
}
function f(v, d = 0) {
    return Number.isFinite(v) ? v.toFixed(v < 10 && !d ? 1 : d) : "-";
}

function report() {
    for (const t of targets) {
        const d = docs[t],
            sum = (d.summary = {});
        for (const q of requests) {
            const rs = d.runs.filter(
                (r) =>
                    r.task === q.task &&
                    r.model === q.model &&
                    (!q.batch || r.batch === q.batch),
            );
            const key = [q.task, q.model, q.batch].filter(Boolean).join(" ");
            if (!rs.length) {
                sum[key] = {
                    notSupported:
                        d.unsupported.find(
                            (u) =>
                                u.task === q.task &&
                                u.model === q.model &&
                                (!q.batch || u.batch === q.batch),
                        )?.error ??
                        d.unsupported[0]?.error ??
                        "not run",
                };
                continue;
            }
            const foreign = med(rs.map((r) => r.foreignCpu));
            if (q.task === "train") {
                const s = rs.map((r) => r.msPerStep);
                sum[key] = {
                    repeats: rs.length,
                    msPerStep: med(s),
                    bestMsPerStep: Math.min(...s),
                    stepsPerSec: 1000 / med(s),
                    imagesPerSec: (q.batch * 1000) / med(s),
                    firstStepMs: med(
                        rs.map((r) => r.firstStepMs).filter(Number.isFinite),
                    ),
                    steps: rs.map((r) => r.steps),
                    readEvery: rs.map((r) => r.readEvery),
                    lastLoss: rs.at(-1).lastLoss,
                    foreign,
                };
            } else if (q.task === "check") sum[key] = { losses: rs[0].losses };
            else {
                const all = rs.flatMap((r) => r.samples);
                sum[key] = {
                    repeats: rs.length,
                    n: all.length,
                    median: med(rs.map((r) => med(r.samples))),
                    p95: med(rs.map((r) => pct(r.samples, 0.95))),
                    best: Math.min(...all),
                    firstMs: med(
                        rs.map((r) => r.firstMs).filter(Number.isFinite),
                    ),
                    foreign,
                };
            }
        }
        d.log = [...new Set(d.log)].slice(0, 20);
    }
    const meta = {
        date: new Date().toISOString(),
        flags: FLAGS,
        machine,
        cpu: os.cpus()[0].model,
        cores: os.cpus().length,
        rounds: num("rounds"),
        budgetMs: num("budget-ms"),
    };
    for (const t of targets) console.log(JSON.stringify({ ...docs[t], meta }));
    fs.mkdirSync(path.dirname(path.resolve(here, a.out)), { recursive: true });
    fs.writeFileSync(
        path.resolve(here, a.out),
        JSON.stringify({ meta, docs }, null, 1),
    );

    const cols = requests.filter((q) => q.task !== "check");
    if (cols.length) {
        const head = (q) =>
            q.task === "train"
                ? `train ${q.model} b${q.batch}: img/s (ms/step; best) [first step ms]`
                : q.task === "latency"
                  ? `${q.model} enc+dec 1: ms median / p95`
                  : `${q.model} decode 100: ms`;
        console.log(
            `\n| target | ${cols.map(head).join(" | ")} |\n|---|${cols.map(() => "---").join("|")}|`,
        );
        for (const t of targets)
            console.log(
                `| ${t} | ${cols
                    .map((q) => {
                        const s =
                            docs[t].summary[
                                [q.task, q.model, q.batch]
                                    .filter(Boolean)
                                    .join(" ")
                            ];
                        if (s.notSupported) return "n/s";
                        if (q.task === "train")
                            return `${f(s.imagesPerSec)} (${f(s.msPerStep)}; ${f(s.bestMsPerStep)}) [${f(s.firstStepMs)}]`;
                        return q.task === "latency"
                            ? `${f(s.median)} / ${f(s.p95)}`
                            : f(s.median);
                    })
                    .join(" | ")} |`,
            );
        for (const t of targets)
            for (const u of docs[t].unsupported)
                console.log(
                    `- n/s ${t} ${u.task} ${u.model ?? ""} ${u.batch ?? ""}: ${u.error}${u.progress ? " (" + u.progress + ")" : ""}`,
                );
    }
}
report();
process.exit(0);
