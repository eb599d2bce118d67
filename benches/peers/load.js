// How busy others keep the machine.
import fs from "node:fs";
import os from "node:os";

// Share of the machine used by processes that are not ours, from /proc.
export function cpuTicks() {
  const f = fs.readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map(Number);
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
export function foreignShare(x, y) {
  const total = ((y.at - x.at) / 1000) * 100 * os.cpus().length;
  return total > 0 ? Math.max(0, (y.busy - x.busy - (y.own - x.own)) / total) : 0;
}
