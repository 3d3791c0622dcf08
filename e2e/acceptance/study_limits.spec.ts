/** What cannot be estimated is said, and no number stands in its place. */
import { expect, test, type Page } from "@playwright/test";
import { bring, lines, text } from "../support/files";
import { audit, noErrors } from "../support/page";

/** A file of 80 patients in two arms. */
const trial = (name: string, days: (i: number) => string, event: (i: number) => string) =>
  text(name, ["id,arm,age,site,days,event", ...lines(80, (i) => `S${i},${i % 2 ? "b" : "a"},${40 + ((i * 7) % 41)},1,${days(i)},${event(i)}`)]);
const follow = (i: number) => String(20 + ((i * 37) % 300));

/** From the file to the unadjusted outcomes, adjusted later for these covariates. */
async function outcomes(page: Page, file: ReturnType<typeof trial>, covariates: string[]) {
  const id = await bring(page, file);
  await page.goto(`/compare?dataset=${id}`);
  await page.getByLabel("Variable", { exact: true }).selectOption("arm");
  await page.getByLabel("Target: level").selectOption("b");
  await page.getByLabel("Comparator: level").selectOption("a");
  await page.getByLabel(/^Duration/).selectOption("days");
  await page.getByLabel(/^Event \(/).selectOption("event");
  await page.getByRole("button", { name: "None", exact: true }).click();
  for (const covariate of covariates) {
    await page.getByRole("checkbox", { name: new RegExp(`\\b${covariate}\\b`) }).first().check();
  }
  await page.getByRole("button", { name: "Check the design" }).click();
  await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
}

async function open(page: Page) {
  for (const box of await page.getByRole("checkbox", { name: /I have looked at/ }).all()) await box.check();
  await page.getByRole("button", { name: "Open the outcomes" }).click();
  await expect(page.getByRole("heading", { name: /survival without the event/ })).toBeVisible();
}

/** No estimate and no nonsense anywhere on the screen. */
async function noNumbers(page: Page) {
  await expect(page.getByText("Hazard ratio, unadjusted")).toHaveCount(0);
  await expect(page.getByRole("main")).not.toContainText(/NaN|Infinity|\binf\b/);
}

test("one arm is empty", async ({ page }) => {
  const clean = noErrors(page);
  await outcomes(page, trial("empty_arm.csv", (i) => (i % 2 ? "" : follow(i)), (i) => (i % 2 ? "" : String(i % 4 ? 1 : 0))), ["age"]);
  await expect(page.getByText(/nobody is left in the arm/).first()).toBeVisible();
  await audit(page);
  await open(page);
  await expect(page.getByText("No hazard ratio can be estimated")).toBeVisible();
  await noNumbers(page);
  await audit(page);
  clean();
});

test("nobody had the event", async ({ page }) => {
  const clean = noErrors(page);
  await outcomes(page, trial("no_event.csv", follow, () => "0"), ["age"]);
  await open(page);
  await expect(page.getByText(/nobody had the event/i).first()).toBeVisible();
  await expect(page.getByText("No hazard ratio can be estimated")).toBeVisible();
  await expect(page.getByText(/^Log-rank test$/)).toHaveCount(0);
  await noNumbers(page);
  await audit(page);
  await page.getByRole("button", { name: "To the adjusted comparison" }).click();
  await expect(page.getByRole("heading", { name: /adjusted/ }).first()).toBeVisible();
  await expect(page.getByRole("main")).toContainText(/not estimable|cannot be estimated/i);
  await expect(page.getByRole("main")).not.toContainText(/NaN|Infinity|\binf\b/);
  clean();
});

test("a constant covariate is named and left out, and the rest is estimated", async ({ page }) => {
  const clean = noErrors(page);
  await outcomes(page, trial("constant.csv", follow, (i) => String(i % 3 ? 1 : 0)), ["age", "site"]);
  await open(page);
  await expect(page.getByText("Hazard ratio, unadjusted")).toBeVisible();
  await page.getByRole("button", { name: "To the adjusted comparison" }).click();
  await expect(page.getByRole("heading", { name: /adjusted/ }).first()).toBeVisible();
  await expect(page.getByText(/'site' is constant .*it was left out/).first()).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(/NaN|Infinity|\binf\b/);
  await audit(page);
  clean();
});

test("an arm that separates those with the event gives no hazard ratio", async ({ page }) => {
  const clean = noErrors(page);
  await outcomes(page, trial("separated.csv", follow, (i) => String(i % 2 ? 1 : 0)), ["age"]);
  await open(page);
  await expect(page.getByText(/may be infinite|No hazard ratio can be estimated/).first()).toBeVisible();
  await noNumbers(page);
  // What can be said is said: the curves and the log-rank test.
  await expect(page.getByText(/^Log-rank test$/)).toBeVisible();
  await audit(page);
  clean();
});
