// Every page of the menu that is no register, and one of each kind that stands behind a list, wide and on a phone.
import { base, everybody, links, test, Walk } from "./lib.mjs";

test(async (browser) => {
  const walk = new Walk();
  const pages = await everybody(browser);
  const seen = new Set();
  for (const one of pages) {
    for (const href of await one.menu()) {
      if (!href.startsWith("/r/") && !seen.has(href)) { seen.add(href); await walk.visit(one, href); }
    }
  }
  const deeper = [["/board", /^\/board\/[0-9a-f-]{36}/], ["/plans", /^\/plans\/[0-9a-f-]{36}$/], ["/summaries", /^\/summaries\/[0-9a-f-]{36}/], ["/accounts", /^\/accounts\/[0-9a-f-]{36}$/]];
  for (const [list, pattern] of deeper) {
    let found = false;
    for (const one of pages) {
      if (found || !(await one.request.get(base + list)).ok()) continue;
      const { page } = await one.window();
      await page.goto(base + list);
      const link = (await links(page, "main a[href]")).find((href) => pattern.test(href));
      if (link) { found = true; await walk.visit(one, link); }
    }
    if (!found && list !== "/summaries") walk.wrong.push(`${list}: no entry to open`);
  }
  if (seen.size < 6) walk.wrong.push(`only ${seen.size} menu pages besides the registers`);
  walk.end();
});
