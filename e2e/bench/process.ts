/** What a tab costs the machine, read from /proc: peak memory of its process, and processor time of its workers. */
import type { Browser } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";

const read = (path: string) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** Threads of a process that are workers. */
const workers = (pid: number) => {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).filter((task) => read(`${folder}/${task}/comm`).startsWith("DedicatedWorker")).map((task) => `${folder}/${task}`);
};

/** The renderer process that runs workers: the tab that is measured, where one tab is open. */
export async function tab(browser: Browser): Promise<Tab> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  await cdp.detach();
  const pid = processInfo.filter((p) => p.type === "renderer").map((p) => p.id).find((id) => workers(id).length > 0);
  if (!pid) throw new Error("no tab with a worker");
  return new Tab(pid);
}

export class Tab {
  constructor(private readonly pid: number) {}

  /** Most memory the process ever held, in bytes. */
  peak(): number {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${this.pid}/status`))?.[1] ?? Number.NaN);
  }

  /** Memory the process holds now, in bytes. */
  now(): number {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${this.pid}/status`))?.[1] ?? Number.NaN);
  }

  /** Processor time of its workers so far, in milliseconds: other work on the machine does not count. */
  workerMs(): number {
    return workers(this.pid).reduce((sum, task) => sum + Number(read(`${task}/schedstat`).split(" ")[0]) / 1e6, 0);
  }
}

/** The machine's load over the last minute. */
export const load = () => Number(read("/proc/loadavg").split(" ")[0]);
