import { expect, test, type Browser, type Page } from "@playwright/test";

const print = (row: Record<string, unknown>) => console.log(JSON.stringify({ where: "tab", ...row }));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Until the first curve of the figure is drawn, in milliseconds since the navigation began. */
async function drawn(page: Page): Promise<number> {
  const line = page.locator(".curves-preview__line, .js-plotly-plot .scatterlayer .trace path.js-line").first();
  await line.waitFor({ state: "attached" });
  return page.evaluate(() => performance.now());
}

/** Opens a sample as a visitor does, in a profile that has nothing of the page. */
async function visit(browser: Browser, mbit?: number): Promise<{ cold: number; warm: number; bytes: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
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
  await page.getByRole("button", { name: /Open German/i }).click();
  // The sample opens by navigation inside the page: the clock still counts from the first byte.
  const cold = await drawn(page);
  const loaded = bytes;
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
