import { expect, test, type Browser, type Page } from "@playwright/test";

const print = (row: Record<string, unknown>) => console.log(JSON.stringify({ where: "tab", ...row }));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Watches the page from inside: opens the sample the moment its button is there, and notes when the first curve of the figure
 * is in the page. A click by the browser's driver waits for quiet frames and would add its own tenths of a second.
 */
function watch() {
  const seen: { opened?: number; curve?: number } = {};
  Object.assign(globalThis, { seen });
  new MutationObserver(() => {
    const open = document.querySelector<HTMLButtonElement>("button[aria-label^='Open German']");
    if (open && !seen.opened) {
      seen.opened = performance.now();
      open.click();
    }
    const line = ".curves-preview__line, .js-plotly-plot .scatterlayer .trace path.js-line";
    if (!seen.curve && document.querySelector(line)) seen.curve = performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/** Until the first curve is drawn, in milliseconds since the navigation began (the sample opens inside the page: one clock). */
async function drawn(page: Page): Promise<number> {
  const curve = await page.waitForFunction(() => (globalThis as unknown as { seen: { curve?: number } }).seen.curve);
  return Number(await curve.jsonValue());
}

/** Opens a sample as a visitor does, in a profile that has nothing of the page; then its dataset again. */
async function visit(browser: Browser, mbit?: number): Promise<{ cold: number; warm: number; bytes: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watch);
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  let bytes = 0;
  network.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  if (mbit) {
    const throughput = (mbit * 1e6) / 8;
    await network.send("Network.emulateNetworkConditions", {
      offline: false, latency: 20, downloadThroughput: throughput, uploadThroughput: throughput,
    });
  }
  await page.goto("/data", { waitUntil: "commit" });
  const cold = await drawn(page);
  const loaded = bytes;
  // A second visit begins when the first is over: the plotting library comes after the curve.
  await page.locator(".js-plotly-plot .scatterlayer").first().waitFor();
  await page.goto(page.url(), { waitUntil: "commit" });
  const warm = await drawn(page);
  await context.close();
  return { cold, warm, bytes: loaded };
}

for (const [what, mbit] of [["localhost", undefined], ["10 Mbit/s, 20 ms", 10]] as const) {
  test(`from navigation to the first Kaplan-Meier of a sample, ${what}`, async ({ browser }) => {
    const visits = [];
    for (let i = 0; i < 5; i++) visits.push(await visit(browser, mbit));
    print({
      what: "navigation to the first Kaplan-Meier of a sample (GBSG, 686 patients), empty profile",
      line: what,
      cold_ms: median(visits.map((v) => v.cold)),
      all_cold_ms: visits.map((v) => Math.round(v.cold)),
      warm_ms: median(visits.map((v) => v.warm)),
      all_warm_ms: visits.map((v) => Math.round(v.warm)),
      page_kilobytes: Math.round(median(visits.map((v) => v.bytes)) / 1000),
    });
    expect(visits).toHaveLength(5);
  });
}
