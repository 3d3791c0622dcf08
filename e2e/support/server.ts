/** One `rounds-server` for a run, on a port and a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PORT = Number(process.env.ROUNDS_PORT ?? 8097);
export const BASE = `http://127.0.0.1:${PORT}`;

const built = process.env.ROUNDS_SERVER ?? join(__dirname, "../../target/release/rounds-server");

/** The folder of this run: made once by the configuration, handed to the workers through the environment. */
export function dataFolder(): string {
  process.env.ROUNDS_E2E_DATA ??= mkdtempSync(join(tmpdir(), "rounds-e2e-"));
  return process.env.ROUNDS_E2E_DATA;
}

export function serverCommand(): string {
  const page = join(__dirname, "../../dist");
  return `"${built}" serve --listen 127.0.0.1:${PORT} --data "${dataFolder()}" --page "${page}" --log warn`;
}

/** A fresh invite token. */
export function invite(role: "reader" | "contributor", name: string, site: string): string {
  const out = execFileSync(built, ["invite", "--data", dataFolder(), "--role", role, "--name", name, "--site", site], {
    encoding: "utf8",
  });
  const token = out.split(/\s+/).find((word) => /^[A-Za-z0-9_-]{32,}$/.test(word));
  if (!token) throw new Error(`rounds-server invite printed no token: ${out}`);
  return token;
}
