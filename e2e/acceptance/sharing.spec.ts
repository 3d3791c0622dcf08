/** Sharing when something is wrong: the server away, a wrong token, a reader who publishes, a document changed on the way. */
import { expect, test } from "@playwright/test";
import { join, signedFinding } from "../support/finding";
import { audit, noErrors } from "../support/page";
import { BASE } from "../support/server";

test("a wrong token is refused in words and changes nothing", async ({ page }) => {
  await page.goto("/settings");
  const token = page.getByLabel("Invite token");
  const join = page.getByRole("button", { name: "Join", exact: true });
  await join.click();
  await expect(page.getByText("Paste the invite token that you were given.")).toBeVisible();
  await token.fill("rounds_wrongwrongwrongwrongwrongwrongwrongwrong");
  await join.click();
  await expect(page.getByText(/does not know this token, or it has run out/)).toBeVisible();
  await expect(page.getByText("Not joined.", { exact: false }).first()).toBeVisible();
  await audit(page);
  await page.reload();
  await expect(page.getByLabel("Invite token")).toBeVisible();
});

test("the server away: joining says so; a finding waits in the outbox, is kept over a reload, and is sent by itself", async ({ page, context }) => {
  test.setTimeout(120_000);
  const clean = noErrors(page);
  const away = (route: import("@playwright/test").Route) => route.abort("connectionrefused");
  await context.route("**/api/**", away);
  await page.goto("/settings");
  await page.getByLabel("Invite token").fill("a-token-of-somebody-or-other-0123456789");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByText(/cannot be reached. You are not joined yet/)).toBeVisible();
  await context.unroute("**/api/**", away);
  await join(page, "contributor", "Dr. Lind", "Freiburg");

  await context.route("**/api/**", away);
  await signedFinding(page, "Made while the server was away");
  const finding = page.url();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("status").filter({ hasText: /Waiting\s+In the outbox/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: /Waiting\s+In the outbox/ })).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByText("Offline, will catch up")).toBeVisible();
  await expect(page.getByText(/One finding waits in the outbox/)).toBeVisible();
  await audit(page);

  await context.unroute("**/api/**", away);
  // What a browser says when the network is back; nothing is clicked.
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByText("Up to date")).toBeVisible();
  await page.goto(finding);
  await expect(page.getByRole("status").filter({ hasText: /Published/ })).toBeVisible();
  clean();
});

test("a reader's finding is refused by the server in words and stays here", async ({ page }) => {
  await join(page, "reader", "A student", "Freiburg");
  await signedFinding(page, "Of a reader");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(/contributor/i).first()).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByText("You can read, not publish")).toBeVisible();
  await page.goto("/knowledge");
  await expect(page.getByRole("link", { name: /Of a reader/ }).first()).toBeVisible();
});

test("a document changed on the way is refused with words and not stored", async ({ browser }) => {
  test.setTimeout(120_000);
  const author = await browser.newContext({ baseURL: BASE });
  const reader = await browser.newContext({ baseURL: BASE });
  const page = await author.newPage();
  await join(page, "contributor", "Dr. Lind", "Freiburg");
  await signedFinding(page, "To be tampered with");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("status").filter({ hasText: /Published/ })).toBeVisible();

  // Somebody between server and reader rewrites the title inside the signed text.
  let changed = 0;
  await reader.route("**/api/documents/fetch", async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const forged = body.replaceAll("To be tampered with", "To be believed now!!");
    changed += Number(forged !== body);
    await route.fulfill({ response, body: forged });
  });
  const peer = await reader.newPage();
  await join(peer, "reader", "Dr. Weiss", "Bergen");
  await expect(peer.getByText("Refused: not stored on this device")).toBeVisible();
  await expect(peer.getByText(/tell whoever runs the server/)).toBeVisible();
  expect(changed).toBeGreaterThan(0);
  await audit(peer);
  await peer.goto("/knowledge");
  await expect(peer.getByText(/To be believed now|To be tampered with/)).toHaveCount(0);
  const kept = await peer.evaluate(
    () =>
      new Promise<string>((done, fail) => {
        const ask = indexedDB.open("rounds");
        ask.onerror = () => fail(ask.error);
        ask.onsuccess = () => {
          const all = ask.result.transaction("documents").objectStore("documents").getAll();
          all.onsuccess = () => done(JSON.stringify(all.result));
          all.onerror = () => fail(all.error);
        };
      }),
  );
  expect(kept).not.toContain("To be believed now");
  await author.close();
  await reader.close();
});
