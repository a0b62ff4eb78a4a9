// LanceDB on the benchmark's data, one query a call. Arguments: data folder, database folder.
import * as lancedb from "@lancedb/lancedb";
import * as arrow from "apache-arrow";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";

const [data, folder] = process.argv.slice(2);

function npy(name) {
  const bytes = fs.readFileSync(path.join(data, name));
  const header = bytes.readUInt16LE(8);
  const text = bytes.subarray(10, 10 + header).toString();
  const shape = /'shape': \(([^)]*)\)/.exec(text)[1].split(",").map((x) => parseInt(x)).filter((x) => x >= 0);
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + header, bytes.byteOffset + bytes.length);
  const kind = /'descr': '([^']*)'/.exec(text)[1];
  const values = kind === "<f4" ? new Float32Array(body) : kind === "<i4" ? new Int32Array(body) : new Uint8Array(body);
  return { rows: shape[0], columns: shape[1], values };
}

const base = npy("base.npy");
const queries = npy("queries.npy");
const attrs = npy("attrs.npy");
const d = base.columns;
const db = await lancedb.connect(folder);
const started = performance.now();
let table;
const schema = new arrow.Schema([
  new arrow.Field("n", new arrow.Int32()),
  new arrow.Field("label", new arrow.Int32()),
  ...["r50", "r10", "r1", "r01"].map((f) => new arrow.Field(f, new arrow.Int32())),
  new arrow.Field("v", new arrow.FixedSizeList(d, new arrow.Field("item", new arrow.Float32()))),
]);
for (let at = 0; at < base.rows; at += 50000) {
  const count = Math.min(50000, base.rows - at);
  const ints = (f) => arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from({ length: count }, (_, i) => f(at + i)) });
  const floats = arrow.makeData({ type: new arrow.Float32(), data: base.values.slice(at * d, (at + count) * d) });
  const list = arrow.makeData({ type: schema.fields[6].type, length: count, nullCount: 0, child: floats });
  const children = [ints((i) => i), ...[0, 1, 2, 3, 4].map((c) => ints((i) => attrs.values[i * attrs.columns + c])), list];
  const batch = new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length: count, nullCount: 0, children }));
  const chunk = new arrow.Table([batch]);
  if (!table) table = await db.createTable("t", chunk, { mode: "overwrite" });
  else await table.add(chunk);
}
const nlist = base.rows < 200000 ? 128 : 1024;
await table.createIndex("v", { config: lancedb.Index.ivfRq({ distanceType: "l2", numPartitions: nlist }), waitTimeoutSeconds: 3600 });
for (const f of ["label", "r50", "r10", "r1", "r01"]) await table.createIndex(f, { config: lancedb.Index.bitmap(), waitTimeoutSeconds: 600 });
const build = (performance.now() - started) / 1000;

const settings = [];
function add(params, filter, where, truthName, search) {
  settings.push({ params, filter, where, truth: npy(truthName), search });
}

// One setting for at most so many seconds, 20 queries at least.
async function measure({ params, filter, where, truth, search }, seconds) {
  const n = Math.min(truth.rows, queries.rows, 200);
  const found = [];
  const c = process.cpuUsage();
  const w = performance.now();
  while (found.length < n && (found.length < 20 || performance.now() - w < seconds * 1000)) {
    const i = found.length;
    let q = table.query().nearestTo(queries.values.slice(i * d, (i + 1) * d)).column("v").distanceType("l2").select(["n", "_distance"]).limit(10);
    q = search(q);
    if (where) q = q.where(where);
    found.push((await q.toArray()).map((r) => r.n));
  }
  const used = process.cpuUsage(c);
  const wall = performance.now() - w;
  let recall = 0;
  found.forEach((ids, i) => {
    const want = Array.from(truth.values.slice(i * truth.columns, i * truth.columns + 10)).filter((x) => x >= 0);
    const set = new Set(ids);
    recall += want.filter((x) => set.has(x)).length / Math.max(1, want.length);
  });
  console.log(JSON.stringify({ engine: "lancedb-ivfrq", params, filter, recall: +(recall / found.length).toFixed(4),
    cpu_us: +((used.user + used.system) / found.length).toFixed(1), wall_us: +((wall * 1000) / found.length).toFixed(1),
    build_s: +build.toFixed(1), queries: found.length }));
}

for (const p of base.rows < 200000 ? [4, 8, 16] : [32, 64, 128]) add(`nprobes=${p} refine=10`, "", null, "gt.npy", (q) => q.nprobes(p).refineFactor(10));
const p = base.rows < 200000 ? 8 : 64;
for (const [name, where] of [["label3", "label = 3"], ["r50", "r50 = 1"], ["r10", "r10 = 1"], ["r1", "r1 = 1"], ["r01", "r01 = 1"]])
  add(`nprobes=${p} refine=10`, name, where, `gt_${name}.npy`, (q) => q.nprobes(p).refineFactor(10));
console.log(JSON.stringify({ ready: true, build_s: +build.toFixed(1) }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  for (const setting of settings) await measure(setting, parseFloat(line.split(" ")[1]));
  console.log(JSON.stringify({ done: true }));
}
