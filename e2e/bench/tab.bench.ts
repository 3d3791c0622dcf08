import { expect, test } from "@playwright/test";
import { connect } from "./engine";

const print = (row: Record<string, unknown>) => console.log(JSON.stringify({ where: "tab", ...row }));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The measurement inside the page: 1,000,000 rows, 11 covariates, made from a fixed sequence. */
async function measure(connectSource: string) {
  const start = (0, eval)(`(${connectSource})`) as typeof connect;
  // Files come in at a worker of their own, as in the page; the first one computes.
  const files = start("/intake_start.js");
  const call = start("/engine_start.js");
  let state = 123456789;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  const names = Array.from({ length: 11 }, (_, i) => `x${i + 1}`);
  const parts: string[] = [`id,days,anytime,event,arm,${names.join(",")}\n`];
  const n = 1_000_000;
  let lines: string[] = [];
  for (let i = 0; i < n; i++) {
    const x = names.map(() => random() - 0.5);
    const arm = random() < 0.5 ? 0 : 1;
    const t = (-Math.log(random()) * 1500) / Math.exp(0.5 * x[0] - 0.3 * x[1] + 0.2 * arm);
    const c = random() * 3000;
    const time = Math.min(t, c);
    lines.push(`${i + 1},${Math.ceil(time)},${(time + 0.001).toFixed(4)},${t <= c ? 1 : 0},${arm},${x.map((v) => v.toFixed(2)).join(",")}`);
    if (lines.length === 50_000) {
      parts.push(lines.join("\n") + "\n");
      lines = [];
    }
  }
  const file = new File(parts, "bench.csv");
  const out: Record<string, unknown>[] = [];
  const head = await file.slice(0, 1048576).arrayBuffer();
  const inspected = await files("engine", "inspect_csv", { file_name: file.name, complete: false }, [head]);
  const mapping = inspected.value.mapping;
  const proposed = mapping.columns.map((c: any) => `${c.name}:${c.role}`).join(" ");
  for (const column of mapping.columns) {
    if (column.name === "id") column.role = "identifier";
    else if (column.name === "days" || column.name === "anytime") column.role = "duration";
    else if (column.name === "event") Object.assign(column, { role: "event", event_observed: ["1"], event_censored: ["0"] });
    else column.role = "number";
  }
  // Intake alone: pieces of 4 MB, parsed, re-keyed, packed into hashed Arrow chunks.
  let intake = 0;
  const begin = { name: "bench", format: { type: "csv", mapping }, source: { format: "csv", files: [file.name] }, secret: "00".repeat(32), dates: "shift", holds_no_identifiers: false };
  intake += (await files("engine", "import_begin", begin)).ms;
  intake += (await files("engine", "import_file", { name: file.name, n_bytes: file.size })).ms;
  for (let at = 0; at < file.size; at += 4194304) {
    const piece = await file.slice(at, at + 4194304).arrayBuffer();
    intake += (await files("engine", "import_bytes", { last: at + 4194304 >= file.size }, [piece])).ms;
  }
  const finished = await files("engine", "import_finish", {});
  intake += finished.ms;
  out.push({ what: "intake of a CSV file, 1,000,000 rows", megabytes: file.size / 1e6, ms: intake, rows_kept: finished.value.report.rows_kept, proposed });
  const header = finished.value.header;
  await call("engine", "load_dataset", { header }, finished.buffers);
  const dataset = header.id;
  const settings = { ties: "efron", ci: "log-log", level: 0.95, horizons: [] };
  const survival = async (what: string, ask: object, repeats: number) => {
    const times: number[] = [];
    let answer: any;
    for (let i = 0; i < repeats; i++) {
      const reply = await call("engine", "survival", { dataset, event: "event", covariates: [], settings, thin: true, ...ask });
      times.push(reply.ms);
      answer = reply.value;
    }
    out.push({ what, ms: times, log_rank: answer.log_rank?.chi2, cox: answer.cox?.coefficients?.map((c: any) => c.coef) });
  };
  await survival("Kaplan-Meier by arm with intervals and log-rank, whole days, 1,000,000 rows", { time: "days", group: "arm", depth: "curves" }, 5);
  await survival("Kaplan-Meier by arm with intervals and log-rank, any times, 1,000,000 rows", { time: "anytime", group: "arm", depth: "curves" }, 5);
  await survival("Cox, 11 covariates, Efron, 1,000,000 rows", { time: "days", covariates: names, depth: "estimates" }, 3);
  const definition = {
    kind: "cohort", schema_version: 1, name: "bench", entry: { type: "everyone" },
    inclusion_rules: [
      { name: "x1", condition: { type: "variable", name: "x1", test: { type: "range", range: { min: -0.3, max: 0.4 } } } },
      { name: "arm", condition: { type: "variable", name: "arm", test: { type: "one_of", levels: ["1"] } } },
      { name: "x2", condition: { type: "variable", name: "x2", test: { type: "range", range: { max: 0.2 } } } },
    ],
  };
  const counts: number[] = [];
  let persons = 0;
  for (let i = 0; i < 7; i++) {
    const reply = await call("engine", "evaluate_cohort", { dataset, definition, with_subjects: false });
    counts.push(reply.ms);
    persons = reply.value.persons;
  }
  out.push({ what: "count of a cohort of 1,000,000 persons, three rules", ms: counts, persons });
  return out;
}

test("one million rows in the worker", async ({ page }) => {
  await page.goto("/manifest.webmanifest");
  const rows = await page.evaluate(measure, connect.toString());
  for (const row of rows) {
    const ms = Array.isArray(row.ms) ? median(row.ms as number[]) : row.ms;
    print({ ...row, ms, all_ms: row.ms });
  }
  expect(rows.length).toBeGreaterThan(4);
});
