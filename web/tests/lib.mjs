// What the browser tests share: Chromium, people who log in, and a page's manners.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

export const base = process.env.ZHIXING_URL;
export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 375, height: 812 };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });

// The demo's accounts as the program wrote them: login, password, role.
export function accounts() {
  const lines = readFileSync(process.env.ZHIXING_ACCOUNTS, "utf8").split("\n");
  const rows = lines.map((line) => line.trim().match(/^(\S+)\s+(\S+)\s+(.+)$/)).filter(Boolean);
  const found = rows.map(([, login, password, role]) => ({ login, password, role }));
  if (!found.length) throw new Error("the accounts file names nobody");
  return found;
}

export function account(role) {
  const found = accounts().find((one) => one.role.includes(role));
  if (!found) throw new Error(`the demo has no ${role}`);
  return found;
}

// A browser window of its own in which the person is logged in.
export async function login(browser, person, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: "zh-CN", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(`${base}/login`);
  await page.getByLabel("登录名").fill(person.login);
  await page.locator("input[name=password]").fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  if (new URL(page.url()).pathname === "/password") {
    const chosen = `${person.password}-2`;
    await page.locator("input[name=old]").fill(person.password);
    await page.locator("input[name=new]").fill(chosen);
    await page.locator("input[name=again]").fill(chosen);
    await page.getByRole("button", { name: "保存新密码" }).click();
    await page.waitForURL((url) => url.pathname !== "/password");
  }
  return page;
}

// Notes everything the browser complains about on the page; the caller empties the list.
export function complaints(page) {
  const heard = [];
  page.on("console", (message) => { if (message.type() === "error") heard.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400 && new URL(response.url()).pathname !== "/favicon.ico") heard.push(`${response.status()}: ${response.url()}`);
  });
  return heard;
}

// Latin words people here know.
const KNOWN = ["excel", "word", "json", "xlsx", "docx", "html"];
// Besides them, login names are written so.
const known = () => new Set([...KNOWN, ...accounts().map((one) => one.login)]);

// What is wrong with the page as it stands: too wide, or words nobody translated.
export async function faults(page) {
  const found = await page.evaluate(() => {
    const root = document.documentElement;
    const wide = root.scrollWidth - root.clientWidth;
    const guilty = wide > 0 ? [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`) : [];
    const words = [];
    // A code of the school's own has a digit in it (SXJD01).
    // An address is no language.
    const latin = (text) => (text.replace(/[a-z]+:\/\/[\x21-\x7e]+/g, "").match(/[A-Za-z0-9_-]+/g) ?? []).filter((word) => /[A-Za-z]{4}/.test(word) && !/[0-9]/.test(word));
    // What other machines report is in their words and the standard's (ODS_ZZPKSJ); ours are the labels.
    const theirs = location.pathname.startsWith("/r/feed_") ? "td, dd, header, nav, " : "";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest(theirs + "script, style, kbd, code, pre, [translate=no]") || !parent.checkVisibility()) continue;
      for (const word of latin(node.data)) words.push({ word, text: node.data.trim().slice(0, 60) });
    }
    for (const control of document.querySelectorAll("[placeholder], [title], [aria-label]")) {
      for (const name of ["placeholder", "title", "aria-label"]) {
        for (const word of latin(control.getAttribute(name) ?? "")) words.push({ word, text: `${name}: ${control.getAttribute(name)}` });
      }
    }
    return { wide, guilty, words, empty: !document.querySelector("h1") && !document.querySelector("table") };
  });
  const list = [];
  if (found.wide > 0) list.push(`${found.wide} px too wide: ${found.guilty.join(", ")}`);
  if (found.empty) list.push("neither a heading nor a table");
  const seen = known();
  for (const { word, text } of found.words) {
    if (seen.has(word.toLowerCase())) continue;
    seen.add(word.toLowerCase());
    list.push(`untranslated "${word}" in "${text}"`);
  }
  return list;
}

// Somebody signed in: asks at once, opens a window only when it is wanted.
class Person {
  static async signIn(browser, { login, password }) {
    const context = await browser.newContext({ viewport: WIDE, locale: "zh-CN", reducedMotion: "reduce" });
    const answer = await context.request.post(`${base}/login`, { form: { login, password, next: "/" }, headers: { origin: base } });
    if (!answer.ok() || new URL(answer.url()).pathname === "/login") throw new Error(`${login} cannot log in: ${answer.status()}`);
    return Object.assign(new Person(), { context, request: context.request });
  }

  // The window and what the browser complains about in it.
  async window() {
    if (!this.page) {
      this.page = await this.context.newPage();
      this.heard = complaints(this.page);
    }
    return this;
  }

  // Addresses in the menu.
  async menu() {
    const text = await (await this.request.get(`${base}/board`)).text();
    const menu = text.slice(text.indexOf("<nav class=\"side"), text.indexOf("</nav>", text.indexOf("<nav class=\"side")));
    return [...menu.matchAll(/<a[^>]* href="([^"]+)"/g)].map(([, href]) => href);
  }
}

// One person of each role the demo names.
export async function everybody(browser) {
  const people = [...new Map(accounts().map((person) => [person.role.split(/[（(]/)[0], person])).values()];
  return Promise.all(people.map((person) => Person.signIn(browser, person)));
}

export const links = (page, selector) => page.$$eval(selector, (all) => [...new Set(all.map((a) => a.getAttribute("href")))]);

// Visits addresses at both widths and notes what is wrong with them.
export class Walk {
  wrong = [];
  visited = 0;

  async visit(person, path) {
    const { page, heard } = await person.window();
    heard.length = 0;
    await page.setViewportSize(WIDE);
    const response = await page.goto(base + path, { waitUntil: "load" });
    this.visited += 1;
    const note = (where, list) => list.forEach((fault) => this.wrong.push(`${path} (${where}): ${fault}`));
    if (!response.ok()) note("status", [String(response.status())]);
    note("1440", await faults(page));
    await page.setViewportSize(PHONE);
    note("375", await faults(page));
    note("browser", heard);
  }

  async pdf({ request }, path) {
    const response = await request.get(base + path);
    this.visited += 1;
    const body = await response.body();
    if (!response.ok() || body.subarray(0, 5).toString() !== "%PDF-") this.wrong.push(`${path}: ${response.status()}, no PDF`);
  }

  end() {
    console.log(`${this.visited} addresses visited`);
    if (this.wrong.length) throw new Error(`${this.wrong.length} faults:\n${this.wrong.join("\n")}`);
  }
}

// Runs a test: its errors go to standard error and make the exit code.
export async function test(story) {
  if (!base) throw new Error("ZHIXING_URL says where the program serves");
  const browser = await launch();
  try {
    await story(browser);
  } catch (error) {
    console.error(error.stack ?? String(error));
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}
