// Runs the peers (and optionally the product) side by side. See README.md.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cpuTicks, foreignShare } from "./load.js";
import { a, here, list, num } from "./options.js";
import { med, printTable, summarise } from "./summary.js";
import { FLAGS, limit, open, server, targetOf } from "./targets.js";

const targets = list(a.targets);
if (a.product) targets.push("product", `product:${os.cpus().length}`); // without workers, and with one for each core

for (const sig of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.once(sig, async () => {
    report(); // what was measured so far
    await Promise.all([...open].map((x) => x.close()));
    process.exit(1);
  });
const docs = Object.fromEntries(targets.map((t) => [t, { target: t, info: null, runs: [], unsupported: [], log: [] }]));
const skip = new Set(),
  tooSlow = new Map(),
  tEnd = Date.now() + num("max-minutes") * 60000;
const requests = [];
for (const task of list(a.tasks))
  for (const model of list(a.models))
    for (const batch of task === "train" ? list(a.batches).map(Number) : [0])
      requests.push({
        task,
        model,
        ...(batch && { batch, steps: num("steps"), readEvery: 10 }),
        ...(task === "latency" ? { n: 50 } : task === "decode" ? { latents: 100, n: 10 } : {}),
        budgetMs: Math.max(num("budget-ms"), task === "latency" ? 8000 : 0),
      });

let machine = null;
for (let round = 0; round < num("rounds") && Date.now() < tEnd; round++) {
  const live = new Map();
  const order = round % 2 ? [...targets].reverse() : targets; // alternate the order
  for (const t of order) {
    const x = targetOf(t);
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
        const x = targetOf(t);
        try {
          await limit(x.open(), 45000, "reopen");
          live.set(t, x);
        } catch {
          await x.close();
        }
      }
      if (q.task === "train" && r.supported && r.firstStepMs)
        for (const b of list(a.batches).map(Number)) {
          const guess = (r.firstStepMs + r.msPerStep) * (b / q.batch) * 0.7;
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

function report() {
  summarise(docs, requests);
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
  fs.writeFileSync(path.resolve(here, a.out), JSON.stringify({ meta, docs }, null, 1));
  printTable(docs, requests);
}
report();
process.exit(0);
