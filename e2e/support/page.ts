/** What every spec does with a page: audits it, watches its requests, gets a sample in. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type BrowserContext, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { BASE } from "./server";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Moderate to axe, and no success criterion by themselves; who reads by headings is lost without them. */
const HEADINGS = ["heading-order", "page-has-heading-one"];

/** Serious and critical findings of axe on the screen as it is now, and headings that leave one out: one h1, no level skipped. */
export async function audit(page: Page) {
  // Colours on their way from one scheme to the other are nobody's contrast.
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((a) => a instanceof CSSTransition);
    await Promise.allSettled(moving.map((a) => a.finished));
  });
  const rules = Object.fromEntries(HEADINGS.map((id) => [id, { enabled: true }]));
  const result = await new AxeBuilder({ page }).options({ runOnly: { type: "tag", values: WCAG }, rules }).analyze();
  // What axe wants a person to look at counts too where it is about headings.
  const found = [...result.violations, ...result.incomplete.filter((v) => HEADINGS.includes(v.id))];
  const bad = found.filter((v) => v.impact === "serious" || v.impact === "critical" || HEADINGS.includes(v.id));
  expect(bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(" | ")}`)).toEqual([]);
  expect(await page.locator("h1:visible").count(), "one h1").toBe(1);
}

/** Every request of a context, with what it carried. */
export function watch(context: BrowserContext) {
  const seen: { url: string; method: string; body: string }[] = [];
  context.on("request", (request) =>
    seen.push({ url: request.url(), method: request.method(), body: request.postData() ?? "" }),
  );
  return {
    /** Nothing went elsewhere, and what went to the server were the calls of the API. */
    check(markers: string[] = []) {
      const elsewhere = seen.filter((r) => !r.url.startsWith(BASE) && !r.url.startsWith("blob:") && !r.url.startsWith("data:"));
      expect(elsewhere).toEqual([]);
      const sent = seen.filter((r) => r.method !== "GET");
      expect(sent.every((r) => r.url.startsWith(`${BASE}/api/`))).toBe(true);
      for (const marker of markers) {
        expect(seen.filter((r) => r.body.includes(marker) || r.url.includes(marker))).toEqual([]);
      }
      return sent.length;
    },
  };
}

/** Fails a test on an error in the page. */
export function noErrors(page: Page) {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  return () => expect(errors).toEqual([]);
}

/** Opens a sample from the Data page and returns the dataset's id. */
export async function openSample(page: Page, title: RegExp): Promise<string> {
  await page.goto("/data");
  await page.getByRole("button", { name: title }).click();
  await page.waitForURL(/\/data\/[0-9a-f]{16}/, { timeout: 60_000 });
  return page.url().split("/").pop()!.split("?")[0];
}

/** A screenshot for the README, where asked for (SCREENSHOTS=1): the screen from its top, or where it stands. */
export async function shot(page: Page, name: string, from: "top" | "here" = "here") {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync("../docs/screenshots", { recursive: true });
  if (from === "top") await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: `../docs/screenshots/${name}.png`, animations: "disabled" });
}
