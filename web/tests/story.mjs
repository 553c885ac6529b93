// The main job in the browser: a plan comes in, is confirmed and published, a hazard is entered, the reading moves,
// the summary goes out as Word and PDF.
import { readFileSync } from "node:fs";
import { account, assert, base, complaints, login, test } from "./lib.mjs";

// What the board shows of the promises about hazards.
async function board(page) {
  await page.goto(`${base}/board?q=${encodeURIComponent("隐患")}`);
  return (await page.locator("main").innerText()).replace(/\s+/g, " ");
}

// Types into a search-as-you-type control and takes the first thing found.
async function choose(where, label, words) {
  await where.getByRole("combobox", { name: label }).fill(words);
  await where.locator("[role=listbox] [role=option]").first().click();
}

async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).first().click()]);
  return readFileSync(await download.path());
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

  // One is accepted, one corrected, one rejected, by hand; the rest at once.
  await cards.nth(0).getByRole("button", { name: "接受" }).click();
  await office.locator("article.review-card.confirmed").first().waitFor();
  const second = office.locator(`#${await cards.nth(1).getAttribute("id")}`);
  await second.getByRole("link", { name: "修改" }).click();
  await second.locator("input[name=title]").fill("我们自己的说法");
  await second.getByRole("button", { name: "接受" }).click();
  await office.locator("article.review-card.confirmed").nth(1).waitFor();
  await cards.nth(count - 1).getByRole("button", { name: "拒绝" }).click();
  await office.locator("article.review-card.dropped").first().waitFor();
  // Nothing is lost when the page is closed.
  await office.goto(`${base}/plans/${plan}/review`);
  assert((await office.locator("article.review-card.confirmed").count()) === 2, "the acceptances were kept");
  assert((await second.innerText()).includes("我们自己的说法"), "the correction was kept");
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
      await choose(form, /责任人/, "王");
    }
    const value = form.locator("input[name=value]");
    if ((await value.count()) && !(await value.inputValue())) await value.fill("1");
    await form.getByRole("button", { name: /接受/ }).click();
    await office.locator(`#card-${office.url().match(/edit=([0-9a-f-]{36})/)[1]}.confirmed`).waitFor();
    await publish();
  }
  assert(!/review/.test(new URL(office.url()).pathname), `published, not ${office.url()}`);

  // A hazard in the page moves the board.
  const before = await board(office);
  const safety = await login(browser, account("安全办"));
  await safety.goto(`${base}/r/hazard/new`);
  await safety.getByLabel("具体位置").fill("实训楼三楼配电间");
  await safety.getByLabel("区域").selectOption({ label: "用电与配电" });
  await safety.getByLabel("发现日期").fill("2026-11-23");
  await safety.getByLabel("整改期限").fill("2026-11-30");
  await safety.getByLabel("一般隐患").check();
  await safety.getByLabel("黄（一般风险）").check();
  await safety.getByLabel("隐患描述").fill("配电箱门没有上锁");
  await choose(safety, /责任人/, "王");
  await safety.getByRole("button", { name: /保存|提交|登记/ }).first().click();
  await safety.waitForURL((url) => url.pathname !== "/r/hazard/new");
  const after = await board(office);
  assert(before !== after, `the board did not move:\n${before}`);

  // The summary, one paragraph of it put into our own words, and out.
  await office.goto(`${base}/summaries/new?plan=${plan}`);
  await office.locator("select[name=plan]").selectOption(plan);
  await office.getByRole("button", { name: "取数并起草" }).click();
  await office.waitForURL(/\/summaries\/[0-9a-f-]{36}/);
  const text = await office.locator("main").innerText();
  assert(text.length > 500, `a draft of ${text.length} characters`);
  const word = await downloaded(office, /Word/);
  assert(word.subarray(0, 2).toString() === "PK" && word.length > 5000, `${word.length} bytes of Word`);
  const pdf = await downloaded(office, /PDF/);
  assert(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 5000, `${pdf.length} bytes of PDF`);
  // What was refused above on purpose is no complaint.
  const unexpected = heard.filter((line) => !/422/.test(line));
  assert(!unexpected.length, unexpected.join("\n"));
});
