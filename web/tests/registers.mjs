// Every register's list, form, import, record, print view and PDF, wide and on a phone. ZHIXING_PART = "1/3" takes each
// third register from the first on, so that several walks share the work.
import { base, everybody, links, test, Walk } from "./lib.mjs";

test(async (browser) => {
  const [part, parts] = (process.env.ZHIXING_PART ?? "1/1").split("/").map(Number);
  const walk = new Walk();
  const pages = await everybody(browser);
  const all = new Set();
  for (const one of pages) for (const href of await one.menu()) if (href.startsWith("/r/")) all.add(href);
  const registers = [...all].sort().filter((_, at) => at % parts === part - 1);
  for (const href of registers) {
    let listed = false;
    let entered = false;
    for (const one of pages) {
      if (listed && entered) break;
      if (!listed && (await one.request.get(base + href)).ok()) {
        await walk.visit(one, href);
        const first = (await links(one.page, `#list a[href^="${href}/"]`)).find((link) => /\/[0-9a-f-]{36}$/.test(link));
        if (first) {
          listed = true;
          await walk.visit(one, first);
          await walk.visit(one, `${first}/print`);
          await walk.pdf(one, `${first}/record.pdf`);
          await walk.pdf(one, `${href}/list.pdf?q=${encodeURIComponent("王")}`);
        }
      }
      if (!entered && (await one.request.get(`${base}${href}/new`)).ok()) {
        entered = true;
        await walk.visit(one, `${href}/new`);
        await walk.visit(one, `${href}/import`);
      }
    }
    if (!listed) walk.wrong.push(`${href}: nobody sees a record of the demo`);
    if (!entered) walk.wrong.push(`${href}: nobody of the demo may enter a record`);
  }
  if (registers.length < 150 / parts) walk.wrong.push(`only ${registers.length} registers in this part of the menus`);
  walk.end();
});
