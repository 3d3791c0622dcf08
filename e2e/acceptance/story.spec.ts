/** Once around the learning cycle, to the letter: two people, two browsers, one server. */
import { expect, test, type Page } from "@playwright/test";
import { launchOptions } from "../support/chromium";
import { audit, noErrors, openSample, shot, watch } from "../support/page";
import { BASE, invite } from "../support/server";

test.use({ launchOptions });

/** Chooses hormonal therapy against none, and covariates, and opens the design. */
async function ask(page: Page, dataset: string) {
  await page.goto(`/compare?dataset=${dataset}`);
  await page.getByLabel("Variable", { exact: true }).selectOption("hormon");
  await page.getByLabel("Target: level").selectOption("1");
  await page.getByLabel("Comparator: level").selectOption("0");
  // Recurrence alone would censor deaths: that is said, and the outcome that counts them is one click away.
  await expect(page.getByText(/A death before 'recurrence' ends follow-up/)).toBeVisible();
  await page.getByRole("button", { name: "Use recurrence or death instead" }).click();
  await expect(page.getByText(/A death before/)).toHaveCount(0);
  await expect(page.getByLabel(/^Duration/)).toHaveValue("rfstime");
  await expect(page.getByLabel(/^Event \(/)).toHaveValue("status");
  await page.getByRole("button", { name: "None", exact: true }).click();
  for (const covariate of ["age", "meno", "nodes", "grade", "pgr", "er"]) {
    await page.getByRole("checkbox", { name: new RegExp(`\\b${covariate}\\b`) }).first().check();
  }
  await page.getByLabel("Name of the study").fill("Hormonal therapy and recurrence");
  await page
    .getByLabel("The question in a sentence")
    .fill("Do patients with hormonal therapy live longer without recurrence?");
}

async function join(page: Page, name: string, site: string) {
  await page.goto("/settings");
  await page.getByLabel("Name or role").fill(name);
  await page.getByLabel("Site", { exact: true }).fill(site);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Invite token").fill(invite("contributor", name, site));
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByRole("button", { name: "Leave the group" })).toBeVisible();
}

test("the whole cycle, two sites", async ({ browser }, info) => {
  test.setTimeout(300_000);
  // Documents are named by their content: a second run on one server must not write what the first one published.
  const run = info.retry + info.repeatEachIndex;
  const again = run ? `, ${run + 1}` : "";
  const title = `Hormonal therapy in Rotterdam${again}`;
  const first = await browser.newContext({ baseURL: BASE, viewport: { width: 1440, height: 900 } });
  const second = await browser.newContext({ baseURL: BASE, viewport: { width: 1440, height: 900 } });
  const requests = [watch(first), watch(second)];
  const page = await first.newPage();
  const peer = await second.newPage();
  const clean = [noErrors(page), noErrors(peer)];
  let rotterdam = "";

  await test.step("1. home: the cycle, two ways in, nothing heavy before a click", async () => {
    const loaded: string[] = [];
    page.on("request", (r) => loaded.push(r.url()));
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("link", { name: "Open a sample" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Bring your data" })).toBeVisible();
    expect(loaded.filter((u) => /engine|plotly/.test(u))).toEqual([]);
    await audit(page);
    await shot(page, "home-desktop-light");
  });

  await test.step("2. a real sample, with source and licence", async () => {
    await page.getByRole("link", { name: "Open a sample" }).click();
    await expect(page.getByText(/LGPL/).first()).toBeVisible();
    await audit(page);
    rotterdam = await openSample(page, /Open Rotterdam/);
    await expect(page.getByText(/2,982/).first()).toBeVisible();
    await audit(page);
    await shot(page, "data-desktop-light");
  });

  await test.step("4. it survives a reload", async () => {
    await page.reload();
    await expect(page.getByText(/2,982/).first()).toBeVisible();
  });

  await test.step("5. a cohort with a live count and attrition", async () => {
    await page.goto(`/cohorts/new?dataset=${rotterdam}`);
    await page.getByLabel("Name", { exact: true }).fill("Node-positive");
    await page.getByRole("combobox", { name: /Add a rule on/ }).fill("nodes");
    await page.locator(".combobox__list:not(.combobox__list--old)").getByRole("option", { name: /nodes/ }).first().click();
    await page.getByLabel("From", { exact: true }).fill("1");
    await page.getByLabel("From", { exact: true }).press("Tab");
    // awk -F, '$7 >= 1' public/samples/rotterdam.csv | wc -l, less the header
    await expect(page.getByRole("table").getByText("1,546").first()).toBeVisible();
    await audit(page);
    await shot(page, "cohort-desktop-light");
    await page.getByRole("button", { name: "Save cohort" }).click();
    await expect(page.getByText("Saved on this device", { exact: true })).toBeVisible();
    await page.goto(`/cohorts?dataset=${rotterdam}`);
    await expect(page.getByText("Node-positive").first()).toBeVisible();
    await audit(page);
  });

  await test.step("6. Table 1", async () => {
    await page.goto(`/summary?dataset=${rotterdam}`);
    await expect(page.getByRole("table").first()).toBeVisible();
    await expect(page.getByText(/55\.06|55\.1/).first()).toBeVisible(); // mean age in R
    await audit(page);
    await shot(page, "summary-desktop-light");
  });

  await test.step("7. compare: design first, then the outcomes", async () => {
    await ask(page, rotterdam);
    await audit(page);
    await page.getByRole("button", { name: "Check the design" }).click();
    await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
    await expect(page.getByText(/hazard ratio/i)).toHaveCount(0);
    await audit(page);
    await shot(page, "balance-desktop-light");
    for (const box of await page.getByRole("checkbox", { name: /I have looked at/ }).all()) await box.check();
    await page.getByRole("button", { name: "Open the outcomes" }).click();
    await expect(page.getByText(/Log-rank/).first()).toBeVisible();
    await expect(page.getByRole("table", { name: "Numbers at risk and cumulative events" })).toBeVisible();
    await page.waitForTimeout(800);
    await audit(page);
    await shot(page, "compare-desktop-light");
    await page.getByRole("button", { name: "To the adjusted comparison" }).click();
    await expect(page.getByRole("heading", { name: /adjusted/ }).first()).toBeVisible();
    await expect(page.getByText(/proportional hazards/i).first()).toBeVisible();
    await audit(page);
    await shot(page, "adjusted-desktop-light");
  });

  await test.step("8. a finding, checked and signed", async () => {
    await page.getByRole("button", { name: "Make a finding" }).click();
    await expect(page).toHaveURL(/\/finding\/[0-9a-f]{16}/);
    await page.getByLabel("Title").fill(title);
    await page.getByLabel("Your name or role").fill("Dr. Lind");
    await page.getByLabel("Your site").fill("Rotterdam");
    await expect(page.getByText("May it leave?")).toBeVisible();
    await audit(page);
    await page.getByRole("button", { name: "Sign", exact: true }).click();
    await expect(page.getByText("Share with peers")).toBeVisible();
    await audit(page);
    await shot(page, "finding-desktop-light");
  });

  await test.step("9. share: publish, receive, replicate, pool", async () => {
    const finding = page.url();
    await join(page, "Dr. Lind", "Rotterdam");
    await page.goto(finding);
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByText(/published/i).first()).toBeVisible();

    const gbsg = await openSample(peer, /Open German/);
    await join(peer, "Dr. Weiss", "Freiburg");
    await peer.goto("/knowledge");
    const received = peer.getByRole("link", { name: title });
    await expect(received.first()).toBeVisible({ timeout: 30_000 });
    await audit(peer);
    await received.first().click();
    await audit(peer);
    await peer.getByRole("link", { name: "Replicate on my data" }).click();
    await peer.waitForURL(/\/replicate\//);
    await peer.goto(`${peer.url().split("?")[0]}?dataset=${gbsg}`);
    await peer.getByRole("button", { name: "Build the groups" }).click();
    await peer.getByRole("checkbox", { name: "I have looked at the groups" }).check();
    await peer.getByRole("button", { name: "Compare the outcomes" }).click();
    await expect(peer.getByText("The original").first()).toBeVisible();
    await audit(peer);
    await shot(peer, "replicate-desktop-light");
    await peer.getByRole("button", { name: "Write it up as a replication" }).click();
    await peer.getByLabel("Title").fill(`Hormonal therapy in the GBSG trial${again}`);
    await peer.getByLabel("Your site").fill("Freiburg");
    await peer.getByRole("button", { name: "Sign", exact: true }).click();
    await peer.getByRole("button", { name: "Publish" }).click();
    await expect(peer.getByText(/published/i).first()).toBeVisible();
    await peer.getByRole("link", { name: /beside its replications/ }).click();
    await expect(peer.getByText(/by random effects with 95% confidence interval/).first()).toBeVisible();

    await page.goto("/settings");
    await page.getByRole("button", { name: "Look for news now" }).click();
    await shot(page, "settings-desktop-light");
    await page.goto("/knowledge");
    await page.getByRole("link", { name: title }).first().click();
    await expect(page.getByText(/Freiburg/).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/by random effects with 95% confidence interval/).first()).toBeVisible();
    await audit(page);
    await shot(page, "knowledge-desktop-light");
  });

  await test.step("10. consult and decide", async () => {
    await page.goto(`/consult?dataset=${rotterdam}`);
    await page.getByLabel("Treatments to set side by side").selectOption("hormon");
    await page.getByLabel("Time to the outcome").selectOption("rfstime");
    await page.getByLabel("Outcome (the event)").selectOption("status");
    await page.getByLabel(/Age at surgery/).fill("62");
    await page.getByLabel(/Positive lymph nodes/).fill("4");
    await audit(page);
    await page.getByRole("button", { name: /similar|outcomes|Look/i }).first().click();
    await expect(page.getByRole("heading", { name: /50 most similar/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: /200 most similar/ })).toBeVisible();
    await audit(page);
    await page.getByRole("heading", { name: /50 most similar/ }).scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 420));
    await shot(page, "consult-desktop-light");
    await page.getByRole("button", { name: "Write down the decision" }).click();
    await page.getByLabel("Label", { exact: true }).fill("Room 4, Tuesday");
    await page.getByLabel("What is decided").fill("Hormonal therapy for five years");
    await page.getByLabel("What do you expect to happen?").fill("No recurrence within two years");
    await page.getByLabel("How likely, in percent").fill("80");
    // Due today, so that the home page lists it at once.
    const today = await page.evaluate(() => new Date().toLocaleDateString("sv-SE"));
    await page.getByLabel("By which day should it show?").fill(today);
    await audit(page);
    await page.getByRole("button", { name: "Save the decision" }).click();
    await expect(page.getByText("Saved on this device", { exact: true })).toBeVisible();
    await expect(page.getByText("Room 4, Tuesday").first()).toBeVisible();
    await audit(page);
    await shot(page, "decisions-desktop-light");
    await page.goto("/");
    await expect(page.getByText("Room 4, Tuesday").first()).toBeVisible();
    await page.goto("/decisions");
    await page.getByRole("button", { name: "Record what happened" }).first().click();
    await page.getByLabel("What happened").fill("No recurrence");
    await page.getByRole("radio", { name: /yes/i }).first().check();
    await page.getByRole("button", { name: "Save what happened" }).click();
    await expect(page.getByText("Saved on this device", { exact: true })).toBeVisible();
    await page.goto("/");
    await expect(page.getByText("Room 4, Tuesday")).toHaveCount(0);
  });

  await test.step("no row left the device", async () => {
    // A line of each real sample, as it stands in the file.
    for (const watched of requests) watched.check(["1992,74,1", "132,49,0,18"]);
    for (const check of clean) check();
  });
  await first.close();
  await second.close();
});
