// Every page of the menu and every register's list, form, record and print view, wide and on a phone.
import { accounts, base, complaints, faults, login, PHONE, test, WIDE } from "./lib.mjs";

const wrong = [];
let visited = 0;

// Visits one address at both widths and notes what is wrong with it.
async function visit(page, heard, path) {
  heard.length = 0;
  await page.setViewportSize(WIDE);
  const response = await page.goto(base + path, { waitUntil: "load" });
  visited += 1;
  const note = (where, list) => list.forEach((fault) => wrong.push(`${path} (${where}): ${fault}`));
  if (!response.ok()) note("status", [String(response.status())]);
  note("1440", await faults(page));
  await page.setViewportSize(PHONE);
  note("375", await faults(page));
  note("browser", heard);
}

async function pdf(page, path) {
  const response = await page.request.get(base + path);
  visited += 1;
  const body = await response.body();
  if (!response.ok() || body.subarray(0, 5).toString() !== "%PDF-") wrong.push(`${path}: ${response.status()}, no PDF`);
}

const links = (page, selector) => page.$$eval(selector, (all) => [...new Set(all.map((a) => a.getAttribute("href")))]);

test(async (browser) => {
  // One person of each role the demo names.
  const people = [...new Map(accounts().map((person) => [person.role.split(/[（(]/)[0], person])).values()];
  const pages = [];
  for (const person of people) {
    const page = await login(browser, person);
    pages.push({ person, page, heard: complaints(page) });
  }
  const seen = new Set();
  const registers = new Set();
  for (const { page, heard } of pages) {
    await page.goto(`${base}/board`);
    for (const href of await links(page, "nav.side a[href]")) {
      if (href.startsWith("/r/")) registers.add(href);
      else if (!seen.has(href)) { seen.add(href); await visit(page, heard, href); }
    }
  }
  for (const href of registers) {
    let listed = false;
    let entered = false;
    for (const { page, heard } of pages) {
      if (listed && entered) break;
      if (!listed && (await page.request.get(base + href)).ok()) {
        await visit(page, heard, href);
        const first = (await links(page, `#list a[href^="${href}/"]`)).find((link) => /\/[0-9a-f-]{36}$/.test(link));
        if (first) {
          listed = true;
          await visit(page, heard, first);
          await visit(page, heard, `${first}/print`);
          await pdf(page, `${first}/record.pdf`);
          await pdf(page, `${href}/list.pdf?q=${encodeURIComponent("王")}`);
        }
      }
      if (!entered && (await page.request.get(`${base}${href}/new`)).ok()) {
        entered = true;
        await visit(page, heard, `${href}/new`);
        await visit(page, heard, `${href}/import`);
      }
    }
    if (!listed) wrong.push(`${href}: nobody sees a record of the demo`);
    if (!entered) wrong.push(`${href}: nobody of the demo may enter a record`);
  }
  // One of each that stands behind a list, by the first link of its kind.
  const deeper = [["/board", /^\/board\/[0-9a-f-]{36}/], ["/plans", /^\/plans\/[0-9a-f-]{36}$/], ["/summaries", /^\/summaries\/[0-9a-f-]{36}/], ["/accounts", /^\/accounts\/[0-9a-f-]{36}$/]];
  for (const [list, pattern] of deeper) {
    let found = false;
    for (const { page, heard } of pages) {
      if (found || !(await page.request.get(base + list)).ok()) continue;
      await page.goto(base + list);
      const link = (await links(page, "main a[href]")).find((href) => pattern.test(href));
      if (link) { found = true; await visit(page, heard, link); }
    }
    if (!found && list !== "/summaries") wrong.push(`${list}: no entry to open`);
  }
  if (seen.size < 6) wrong.push(`only ${seen.size} menu pages besides the registers`);
  if (registers.size < 12) wrong.push(`only ${registers.size} registers in the menus`);
  console.log(`${visited} addresses visited`);
  if (wrong.length) throw new Error(`${wrong.length} faults:\n${wrong.join("\n")}`);
});
