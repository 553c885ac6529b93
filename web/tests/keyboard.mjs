// Working without a mouse, and the menu on a phone.
import { account, assert, base, complaints, login, PHONE, test } from "./lib.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);

test(async (browser) => {
  const page = await login(browser, account("校长"));
  const heard = complaints(page);

  await page.goto(`${base}/r/student`);
  await page.keyboard.press("/");
  assert((await focused(page)) === "search", "/ goes to the search box");
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement.blur());

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "键盘操作" });
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/r\/student\/[0-9a-f-]{36}/);

  // Whatever the Tab key reaches shows where it is.
  await page.goto(`${base}/board`);
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const shown = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      const label = document.activeElement.id && document.querySelector(`label[for="${document.activeElement.id}"]`);
      const marked = (css) => (css.outlineStyle !== "none" && parseFloat(css.outlineWidth) > 0) || css.boxShadow !== "none";
      return { element: document.activeElement.outerHTML.slice(0, 120), visible: marked(style) || (label && marked(getComputedStyle(label))) };
    });
    assert(shown.visible, `the focus cannot be seen on ${shown.element}`);
  }

  await page.setViewportSize(PHONE);
  await page.goto(`${base}/board`);
  // Found by its place: folded away it has no role.
  const menu = page.locator("nav.side");
  const outside = async () => { const box = await menu.boundingBox(); return !box || box.x + box.width <= 0 || !(await menu.isVisible()); };
  assert(await outside(), "on a phone the menu is folded away");
  await page.locator("label.nav-button").click();
  const link = menu.getByRole("link", { name: "本周待办" });
  await link.click();
  await page.waitForURL(/\/week/);
  assert(await outside(), "the menu folds away again");
  assert(!heard.length, heard.join("\n"));
});
