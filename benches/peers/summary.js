// What the runs of each target come to, and the table of it.

export function med(v) {
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

/** Gives each target of `docs` its summary. */
export function summarise(docs, requests) {
  for (const d of Object.values(docs)) {
    const sum = (d.summary = {});
    for (const q of requests) {
      const rs = d.runs.filter((r) => r.task === q.task && r.model === q.model && (!q.batch || r.batch === q.batch));
      const key = [q.task, q.model, q.batch].filter(Boolean).join(" ");
      if (!rs.length) {
        sum[key] = {
          notSupported:
            d.unsupported.find((u) => u.task === q.task && u.model === q.model && (!q.batch || u.batch === q.batch))
              ?.error ??
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
          firstStepMs: med(rs.map((r) => r.firstStepMs).filter(Number.isFinite)),
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
          firstMs: med(rs.map((r) => r.firstMs).filter(Number.isFinite)),
          foreign,
        };
      }
    }
    d.log = [...new Set(d.log)].slice(0, 20);
  }
}

/** A row for each target, and what was not supported. */
export function printTable(docs, requests) {
  const targets = Object.keys(docs);
  const cols = requests.filter((q) => q.task !== "check");
  if (cols.length) {
    const head = (q) =>
      q.task === "train"
        ? `train ${q.model} b${q.batch}: img/s (ms/step; best) [first step ms]`
        : q.task === "latency"
          ? `${q.model} enc+dec 1: ms median / p95`
          : `${q.model} decode 100: ms`;
    console.log(`\n| target | ${cols.map(head).join(" | ")} |\n|---|${cols.map(() => "---").join("|")}|`);
    for (const t of targets)
      console.log(
        `| ${t} | ${cols
          .map((q) => {
            const s = docs[t].summary[[q.task, q.model, q.batch].filter(Boolean).join(" ")];
            if (s.notSupported) return "n/s";
            if (q.task === "train")
              return `${f(s.imagesPerSec)} (${f(s.msPerStep)}; ${f(s.bestMsPerStep)}) [${f(s.firstStepMs)}]`;
            return q.task === "latency" ? `${f(s.median)} / ${f(s.p95)}` : f(s.median);
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
