// What hands do: a teacher asks for leave on a phone, the office drags a lesson and takes it back.
import { account, accounts, assert, base, complaints, faults, login, PHONE, test, WIDE } from "./lib.mjs";

// From the hall to the request in so many touches, a choice counted as one and a word as one more.
const MOST_TOUCHES = 8;

async function leave(browser) {
  const page = await login(browser, accounts().find((one) => one.role === "教师"), { viewport: PHONE });
  const heard = complaints(page);
  await page.goto(`${base}/hall`);
  let touches = 0;
  const touch = async (locator) => { touches += 1; await locator.click(); };
  const fill = async (name, text) => { touches += 1; await page.locator(`[name=${name}]`).fill(text); };
  await touch(page.locator("main").getByRole("link", { name: "教职工请假" }).first());
  await page.waitForURL(/\/r\/staff_leave\/new/);
  const kind = page.locator("select[name=kind]");
  touches += 1;
  if (await kind.count()) await kind.selectOption("personal");
  else await page.locator("input[name=kind][value=personal]").check();
  await fill("starts_on", "2026-12-30");
  await fill("ends_on", "2026-12-30");
  await fill("reason", "家中有事");
  await touch(page.getByRole("button", { name: "提交" }));
  await page.waitForURL(/\/r\/staff_leave\/[0-9a-f-]{36}/);
  assert(touches <= MOST_TOUCHES, `leave takes ${touches} touches`);
  const text = await page.locator("main").innerText();
  assert(text.includes("已提交") && text.includes("待部门审批"), `the request waits: ${text.slice(0, 200)}`);
  const wrong = [...(await faults(page)), ...heard];
  assert(!wrong.length, wrong.join("\n"));
}

const where = (page, places) => page.locator(`a.lesson-pick[data-places="${places}"]`).first()
  .evaluate((lesson) => lesson.closest("td").dataset.slot);

async function drag(browser) {
  const page = await login(browser, account("教务处"));
  const heard = complaints(page);
  await page.goto(`${base}/scheduling`);
  await page.locator("main table a[href^='/scheduling/']").first().click();
  const lesson = page.locator("td[data-slot] a.lesson-pick[draggable=true]").first();
  const places = await lesson.getAttribute("data-places");
  const before = await where(page, places);

  // Held, free times turn green and the others say why not.
  await lesson.hover();
  await page.mouse.down();
  const box = await lesson.boundingBox();
  await page.mouse.move(box.x + box.width / 2 + 8, box.y + box.height / 2 + 8, { steps: 3 });
  const free = page.locator("td.drop-free").first();
  await free.waitFor();
  assert(await page.locator("td.drop-bad[title]").count(), "times that will not do say why");
  const slot = await free.getAttribute("data-slot");
  assert(slot !== before, "another time");
  await free.hover();
  await free.hover();
  await page.mouse.up();
  const flash = page.locator("#flash");
  await flash.getByText("移到").waitFor();
  assert((await where(page, places)) === slot, "the lesson is where it was dropped");

  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await flash.getByText("已撤销").waitFor();
  assert((await where(page, places)) === before, "taken back");
  await page.getByRole("button", { name: "重做", exact: true }).click();
  await flash.getByText("已重做").waitFor();
  assert((await where(page, places)) === slot, "made again");

  // On a phone nothing is dragged: a lesson is touched, then its time.
  await page.setViewportSize(PHONE);
  await page.locator(`a.lesson-pick[data-places="${places}"]`).first().click();
  await page.locator(`#places [data-free="${before}"]`).click();
  await flash.getByText("移到").waitFor();
  assert((await where(page, places)) === before, "moved by touch");
  const wrong = [...(await faults(page)), ...heard];
  assert(!wrong.length, wrong.join("\n"));
  await page.setViewportSize(WIDE);
}

test(async (browser) => {
  await leave(browser);
  await drag(browser);
});
