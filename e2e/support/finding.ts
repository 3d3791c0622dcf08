/** A signed finding by the shortest way, and joining a group: what the sharing specs begin with. */
import { expect, type Page } from "@playwright/test";
import { openSample } from "./page";
import { invite } from "./server";

/** Joins with a fresh invite. */
export async function join(page: Page, role: "reader" | "contributor", name: string, site: string) {
  await page.goto("/settings");
  await page.getByLabel("Invite token").fill(invite(role, name, site));
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByRole("button", { name: "Leave the group" })).toBeVisible();
}

/** Compares hormonal therapy against none in the GBSG trial, unadjusted, up to a signed finding on the screen. */
export async function signedFinding(page: Page, title: string): Promise<string> {
  const dataset = await openSample(page, /Open German/);
  await page.goto(`/compare?dataset=${dataset}`);
  await page.getByLabel("Variable", { exact: true }).selectOption("hormon");
  await page.getByLabel(/^Duration/).selectOption("rfstime");
  await page.getByLabel(/^Event \(/).selectOption("status");
  await page.getByRole("radio", { name: /^None/ }).check();
  await page.getByRole("button", { name: "Check the design" }).click();
  await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
  for (const box of await page.getByRole("checkbox", { name: /I have looked at/ }).all()) await box.check();
  await page.getByRole("button", { name: "Open the outcomes" }).click();
  await page.getByRole("button", { name: "Make a finding" }).click();
  await expect(page).toHaveURL(/\/finding\/[0-9a-f]{16}/);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Your name or role").fill("Dr. Lind");
  await page.getByLabel("Your site").fill("Freiburg");
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await expect(page.getByRole("button", { name: "Publish" })).toBeVisible();
  return dataset;
}
