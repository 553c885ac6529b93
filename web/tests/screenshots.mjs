// The pictures of the README: the demo school at a desk and on a phone.
import { join } from "node:path";
import { account, base, launch, login, PHONE, WIDE } from "./lib.mjs";

const folder = process.env.ZHIXING_SCREENSHOTS;
const SIZES = [["1440", WIDE], ["375", PHONE]];

async function shoot(page, name, path, ready) {
  await page.goto(base + path);
  for (const [suffix, size] of SIZES) {
    await page.setViewportSize(size);
    if (ready) await ready(page);
    // Charts draw themselves after they come into the page.
    await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(folder, `${name}-${suffix}.png`) });
  }
}

// The address of the first link on a page that looks like this.
async function first(page, path, pattern) {
  await page.goto(base + path);
  const links = await page.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href")));
  const found = links.find((href) => pattern.test(href));
  if (!found) throw new Error(`${path} has no link ${pattern}`);
  return found;
}

const browser = await launch();
try {
  const stranger = await browser.newPage();
  await shoot(stranger, "login", "/login");

  const principal = await login(browser, account("校长"));
  await shoot(principal, "board", "/board");
  await shoot(principal, "commitment", await first(principal, "/board", /^\/board\/[0-9a-f-]{36}/));
  await shoot(principal, "heat", "/duties");
  await shoot(principal, "list", "/r/hazard");
  await shoot(principal, "record", await first(principal, "/r/hazard", /^\/r\/hazard\/[0-9a-f-]{36}$/));
  await shoot(principal, "calendar", "/calendar");

  const safety = await login(browser, account("安全办"));
  await shoot(safety, "form", "/r/hazard/new");
  await shoot(safety, "week", "/week");

  const teaching = await login(browser, account("教务处"));
  await teaching.goto(`${base}/timetable?by=class`);
  const classes = teaching.locator("select[name=of] option");
  // The first of the youngest: those of the third year are half on internship.
  const youngest = await classes.evaluateAll((all) => all.reduce((a, b) => (b.text.slice(0, 4) > a.text.slice(0, 4) ? b : a)).value);
  await shoot(teaching, "timetable", `/timetable?by=class&of=${youngest}`);
  await shoot(teaching, "draft", await first(teaching, "/scheduling", /^\/scheduling\/[0-9a-f-]{36}$/));
  await shoot(teaching, "workload", "/workload");

  // A plan of the school's own in the wizard, and a draft of the summary of the one in force.
  const office = await login(browser, account("办公室"));
  const published = (await first(office, "/plans", /^\/plans\/[0-9a-f-]{36}$/)).split("/").pop();
  await office.goto(`${base}/plans/new`);
  await office.locator("textarea[name=text]").fill(`实训处2026—2027学年度第一学期工作计划

一、安全管理
1. 每周开展一次实训室安全检查，隐患整改率达到100%。
2. 11月底前完成危险化学品库房改造。
二、教学与竞赛
1. 技能等级认定合格率不低于95%。
2. 每两周组织一次教研活动，每学期举办校级技能竞赛不少于6项。
3. 市级以上技能竞赛获奖15项，其中一等奖3项以上。
三、队伍建设
1. 双师型教师占比达到80%。
2. 12月20日前完成实训指导教师轮训。
`);
  await office.getByRole("button", { name: "读取并开始确认" }).click();
  await office.waitForURL(/review/);
  await office.locator("article.review-card").first().getByRole("button", { name: "接受" }).click();
  await office.locator("article.review-card.confirmed").first().waitFor();
  await shoot(office, "review", new URL(office.url()).pathname);
  await office.goto(`${base}/summaries/new`);
  await office.locator("select[name=plan]").selectOption(published);
  await office.getByRole("button", { name: "取数并起草" }).click();
  await office.waitForURL(/\/summaries\/[0-9a-f-]{36}/);
  await shoot(office, "summary", new URL(office.url()).pathname);

  const dark = await login(browser, account("校长"), { colorScheme: "dark" });
  await shoot(dark, "board-dark", "/board");
} finally {
  await browser.close();
}
