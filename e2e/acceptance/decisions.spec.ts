/** Decisions: what is being typed stays when others come and go, and the focus has a place to go. */
import { expect, test, type Page } from "@playwright/test";
import { audit, noErrors } from "../support/page";

async function write(page: Page, label: string, due: string) {
  await page.getByRole("button", { name: "Write down a decision" }).click();
  // The form has the focus at once.
  await expect(page.getByLabel("Label", { exact: true })).toBeFocused();
  // Nothing was typed yet that could be lost.
  await expect(page.getByText("Not saved yet", { exact: true })).toHaveCount(0);
  await page.getByLabel("Label", { exact: true }).fill(label);
  await expect(page.getByText("Not saved yet", { exact: true })).toBeVisible();
  await page.getByLabel("What is decided").fill("wait");
  await page.getByLabel("What do you expect to happen?").fill("home by Friday");
  await page.getByLabel("By which day should it show?").fill(due);
  await page.getByRole("button", { name: "Save the decision" }).click();
  await expect(page.getByRole("heading", { name: label })).toBeVisible();
}

test("a decision that is deleted takes nothing of what is typed for another one", async ({ page }) => {
  const clean = noErrors(page);
  await page.goto("/decisions");
  for (const label of ["bed 1", "bed 2", "bed 3"]) await write(page, label, "2099-01-31");
  const card = (label: string) => page.locator("article").filter({ hasText: label });

  await card("bed 2").getByRole("button", { name: "Record what happened" }).click();
  const happened = card("bed 2").getByLabel("What happened");
  await expect(happened).toBeFocused();
  await happened.fill("went home on Thursday");
  await page.getByRole("button", { name: "Write down a decision" }).click();
  await page.getByLabel("Situation").fill("fever since Monday");

  await card("bed 1").getByRole("button", { name: "Delete bed 1" }).click();
  await page.getByRole("button", { name: "Delete decision" }).click();
  await expect(page.getByRole("heading", { name: "bed 1" })).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(happened).toHaveValue("went home on Thursday");
  await expect(page.getByLabel("Situation")).toHaveValue("fever since Monday");
  await expect(page.getByText("Not saved yet", { exact: true })).toBeVisible();
  await audit(page);

  // One of two forms is saved: the other one is still open and not called saved.
  await card("bed 2").getByRole("radio", { name: "Yes" }).check();
  await card("bed 2").getByRole("button", { name: "Save what happened" }).click();
  await expect(page.getByRole("heading", { name: "Closed" })).toBeVisible();
  await expect(page.getByLabel("Situation")).toHaveValue("fever since Monday");
  await expect(page.getByText("Not saved yet", { exact: true })).toBeVisible();
  // What is wrong is marked, and the focus goes there.
  await page.getByRole("button", { name: "Save the decision" }).click();
  await expect(page.getByLabel("Label", { exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Write down a decision" })).toBeFocused();
  clean();
});
