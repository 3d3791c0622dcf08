/** Citations come in, their effect estimates are found and shown in their sentences, ticked ones are pooled. */
import { expect, test, type Page } from "@playwright/test";
import { audit, noErrors, shot, watch } from "../support/page";
import { text } from "../support/files";

const nbib = (name = "search.nbib") =>
  text(name, [
    "PMID- 91000001",
    "OWN - NLM",
    "DP  - 2021 Mar 4",
    "TI  - Tirzafast in stable heart failure.",
    "AB  - BACKGROUND: We asked. RESULTS: Fewer patients died on tirzafast (HR 0.72, 95%",
    "      CI 0.56-0.89; p=0.003). More fell (odds ratio 1.45, 95% CI 1.10 to 1.91).",
    "FAU - Doe, Jane",
    "JT  - Journal of made up results",
    "",
    "PMID- 91000002",
    "DP  - 2019",
    "TI  - Tirzafast in the old.",
    "AB  - Death was as common (hazard ratio, 0.91; 95% CI, 0.80 to 1.04). HR 0.95 (95% CI 0.56-0.89) is a misprint.",
    "FAU - Roe, Kim",
    "PT  - Retracted Publication",
    "",
    "PMID- 91000001",
    "TI  - The same once more.",
    "",
    "PMID- 91000003",
  ]);

const ris = text("library.ris", ["TY  - JOUR", "TI  - A letter", "AU  - Lind, M", "PY  - 2018", "AB  - No numbers.", "ER  - "]);

const open = (page: Page) => page.goto("/literature");
const drop = (page: Page, ...files: ReturnType<typeof nbib>[]) => page.locator("input[type=file]").first().setInputFiles(files);

test("nothing yet: the screen says how citations come", async ({ page }) => {
  const clean = noErrors(page);
  await page.goto("/knowledge");
  await page.getByRole("navigation", { name: "Knowledge" }).getByRole("link", { name: "Literature" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Literature" })).toBeVisible();
  await expect(page.getByText("There are no citations on this device yet")).toBeVisible();
  await audit(page);
  clean();
});

test("from files to a pooled estimate; kept over a reload; deleted when asked", async ({ page, context }) => {
  const clean = noErrors(page);
  const requests = watch(context);
  await open(page);
  await drop(page, nbib(), ris);
  await expect(page.getByText("5 records read = 3 kept + 1 rejected + 1 not used.")).toBeVisible();
  await expect(page.getByText("Of those kept: 3 new on this device.")).toBeVisible();
  const rejected = page.getByRole("table", { name: "Rejected records" });
  await expect(rejected.getByRole("row").filter({ hasText: "no title" })).toContainText("20");
  await expect(page.getByRole("table", { name: "Records not used" })).toContainText("91000001");
  await expect(page.getByRole("status").filter({ hasText: "3 citations" })).toBeVisible();
  await expect(page.locator("mark").filter({ hasText: "0.72" })).toBeVisible();
  await expect(page.getByText("Retracted", { exact: true })).toBeVisible();
  await expect(page.getByText("The estimate lies outside its own interval.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /Pool Roe 2019: Hazard ratio 0.95/ })).toBeDisabled();
  await audit(page);

  // The same files once more: nothing is kept twice.
  await drop(page, nbib(), ris);
  await expect(page.getByText("Of those kept: 3 there already.")).toBeVisible();

  await page.getByRole("checkbox", { name: /Pool Doe 2021: Hazard ratio 0.72/ }).check();
  await expect(page.getByText("One estimate: hazard ratio 0.72 (0.56 to 0.89).", { exact: false })).toBeVisible();
  await page.getByRole("checkbox", { name: /Pool Roe 2019: Hazard ratio 0.91/ }).check();
  await expect(page.getByRole("figure", { name: /Forest plot of the hazard ratio. Doe 2021/ })).toBeVisible();
  await expect(page.getByText(/The hazard ratio over 2 estimates is .* by random effects/)).toBeVisible();
  await expect(page.getByText(/Roe 2019: the article is retracted/)).toBeVisible();
  await shot(page, "literature-desktop-light", "top");
  await page.getByText("The numbers as tables").click();
  await expect(page.getByRole("table", { name: "The pooled hazard ratio" })).toContainText("Random effects");
  await audit(page);

  // Another measure is never averaged in.
  await page.getByRole("checkbox", { name: /Pool Doe 2021: Odds ratio 1.45/ }).check();
  await expect(page.getByText("Different measures were ticked")).toBeVisible();
  await expect(page.getByText(/The hazard ratio over 2 estimates/)).toBeVisible();
  await page.getByLabel("Measure to pool").selectOption("OR");
  await expect(page.getByText(/One estimate: odds ratio 1.45/)).toBeVisible();
  await audit(page);

  // Search and kind.
  await page.getByLabel("Search").fill("letter LIND");
  await expect(page.getByText("1 of 3 citations")).toBeVisible();
  await page.getByLabel("Search").fill("insulin");
  await expect(page.getByText("No citation has all of these words.")).toBeVisible();
  await page.getByLabel("Search").fill("");
  await page.getByLabel("Show").selectOption("OR");
  await expect(page.getByText("1 of 3 citations")).toBeVisible();

  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: "3 citations" })).toBeVisible();
  await page.getByRole("button", { name: "Delete Lind 2018" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete citation" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 citations" })).toBeVisible();
  await page.getByRole("button", { name: "Delete all citations" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 citations" })).toBeVisible();
  await page.getByRole("button", { name: "Delete all citations" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete all" }).click();
  await expect(page.getByText("There are no citations on this device yet")).toBeVisible();
  requests.check(["Tirzafast", "91000001"]);
  clean();
});

test("citations dropped on the import screen go to Literature", async ({ page }) => {
  const clean = noErrors(page);
  for (const file of [nbib(), nbib("pubmed-tirzafast-set.txt")]) {
    await page.goto("/data/import");
    await page.locator("input[type=file]").first().setInputFiles(file);
    await expect(page).toHaveURL(/\/literature$/);
    await expect(page.getByText("4 records read = 2 kept + 1 rejected + 1 not used.")).toBeVisible();
  }
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().setInputFiles([nbib(), text("person.csv", ["person_id", "1"])]);
  await expect(page.getByRole("alert")).toContainText("1 of the 2 files hold journal citations");
  clean();
});

test("what is no file of citations is called what it is", async ({ page }) => {
  const clean = noErrors(page);
  for (const [file, words] of [
    [text("ward.ris", ["id,age", "1,2"]), /ward.ris is no file of citations/],
    [text("page.xml", ["<!DOCTYPE html><html></html>"]), /page.xml is a web page/],
    [text("refs.txt", ["@article{a, title={b}}"]), /refs.txt is a BibTeX file/],
  ] as const) {
    await open(page);
    await drop(page, file);
    await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
    await audit(page);
  }
  clean();
});

test("on a telephone nothing runs out of the screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await drop(page, nbib());
  await page.getByRole("checkbox", { name: /Pool Doe 2021: Hazard ratio 0.72/ }).check();
  await page.getByRole("checkbox", { name: /Pool Roe 2019: Hazard ratio 0.91/ }).check();
  await expect(page.getByRole("figure")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await audit(page);
});
