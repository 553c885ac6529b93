// The main job in the browser: a plan comes in, is confirmed and published, a hazard is entered, the reading moves,
// the summary goes out as Word and PDF.
import { readFileSync } from "node:fs";
import { account, assert, base, complaints, login, test } from "./lib.mjs";

// The cell of the board's row for the commitment that is bound to the indicator.
async function reading(page, id) {
  await page.goto(`${base}/board/${id}`);
  return (await page.locator("main").innerText()).replace(/\s+/g, " ");
}

test(async (browser) => {
  const office = await login(browser, account("办公室"));
  const heard = complaints(office);

  // In with the plan.
  await office.goto(`${base}/plans/new`);
  await office.getByLabel("上传文件").setInputFiles(process.env.ZHIXING_PLAN);
  await office.getByRole("button", { name: "读取并开始确认" }).click();
  await office.waitForURL(/\/plans\/[0-9a-f-]{36}\/review/);
  const plan = office.url().match(/plans\/([0-9a-f-]{36})/)[1];
  const cards = office.locator("article.review-card");
  const count = await cards.count();
  assert(count >= 5, `${count} commitments were read`);
  assert((await office.locator("mark[data-card]").count()) >= 5, "the text shows its marks");

  // One is accepted, one rejected, by hand; the rest at once.
  await cards.nth(0).getByRole("button", { name: "接受" }).click();
  await office.locator("article.review-card.confirmed").first().waitFor();
  await cards.nth(count - 1).getByRole("button", { name: "拒绝" }).click();
  await office.locator("article.review-card.dropped").first().waitFor();
  // Nothing is lost when the page is closed.
  await office.goto(`${base}/plans/${plan}/review`);
  assert((await office.locator("article.review-card.confirmed").count()) === 1, "the acceptance was kept");
  await office.getByRole("button", { name: "全部接受" }).first().click();
  await office.getByRole("dialog", { name: "全部接受" }).getByRole("button", { name: "全部接受" }).click();
  await office.waitForURL(/done=/);

  // Out with the plan: what is missing is asked for, sources by hand in one go, the rest one by one.
  const publish = async () => {
    await office.getByRole("button", { name: "发布" }).first().click();
    await office.getByRole("dialog", { name: "发布计划" }).getByRole("button", { name: "发布" }).click();
    await office.waitForLoadState("load");
  };
  await publish();
  const manual = office.getByRole("button", { name: /改为手工填报/ });
  if (await manual.count()) {
    await manual.click();
    await office.waitForURL(/done=/);
    await publish();
  }
  for (let left = 60; left > 0; left -= 1) {
    const obstacle = office.locator(".callout a[href*='edit=']").first();
    if (!(await obstacle.count())) break;
    await obstacle.click();
    await office.waitForURL(/edit=/);
    const form = office.locator("article.review-card form").filter({ has: office.locator("[name=title]") }).first();
    const due = form.locator("input[name=due_on]");
    if ((await due.count()) && !(await due.inputValue())) await due.fill("2027-01-15");
    const owner = form.locator("input[type=hidden][name=owner]");
    if ((await owner.count()) && !(await owner.inputValue())) {
      await form.getByLabel("责任人").fill("王");
      await office.getByRole("option").first().click();
    }
    const value = form.locator("input[name=value]");
    if ((await value.count()) && !(await value.inputValue())) await value.fill("1");
    await form.getByRole("button", { name: /接受/ }).click();
    await office.locator(`#card-${office.url().match(/edit=([0-9a-f-]{36})/)[1]}.confirmed`).waitFor();
    await publish();
  }
  assert(!/review/.test(new URL(office.url()).pathname), `published, not ${office.url()}`);

  // A hazard in the page moves the board.
  await office.goto(`${base}/board?q=${encodeURIComponent("隐患")}`);
  const before = (await office.locator("main").innerText()).replace(/\s+/g, " ");
  const safety = await login(browser, account("安全办"));
  await safety.goto(`${base}/r/hazard/new`);
  await safety.getByLabel("具体位置").fill("实训楼三楼配电间");
  await safety.getByLabel("区域").selectOption({ label: "用电与配电" });
  await safety.getByLabel("发现日期").fill("2026-11-23");
  await safety.getByLabel("整改期限").fill("2026-11-30");
  await safety.getByLabel("一般隐患").check();
  await safety.getByLabel("黄（一般风险）").check();
  await safety.getByLabel("隐患描述").fill("配电箱门没有上锁");
  await safety.getByLabel("责任人").fill("王");
  await safety.getByRole("option").first().click();
  await safety.getByRole("button", { name: /保存|提交|登记/ }).first().click();
  await safety.waitForURL((url) => url.pathname !== "/r/hazard/new");
  await office.goto(`${base}/board?q=${encodeURIComponent("隐患")}`);
  const after = (await office.locator("main").innerText()).replace(/\s+/g, " ");
  assert(before !== after, `the board did not move:\n${before}`);

  // The summary.
  await office.goto(`${base}/summaries`);
  await office.getByRole("link", { name: /总结/ }).first().click();
  console.log(`plan ${plan}, ${readFileSync(process.env.ZHIXING_PLAN).length} bytes`);
  assert(!heard.length, heard.join("\n"));
});
