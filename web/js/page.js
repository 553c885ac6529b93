// Menus, dialogs, messages, filters that submit themselves, and the warning before unsaved work is left.

const closest = (event, selector) => event.target.closest?.(selector);

// ── menus and dialogs ──
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".dropdown[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = closest(event, "[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (closest(event, "[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.tagName === "DIALOG") event.target.close();
  if (closest(event, "[data-print]")) window.print();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector(".dropdown[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  const drawer = document.getElementById("nav-toggle");
  if (drawer) drawer.checked = false;
});

// ── tables of figures and collapsed history belong on paper ──
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".chart-table:not([open])")];
  opened.forEach((details) => { details.open = true; });
});
addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));

// ── filters ──
let typing;
function submitFilters(form) {
  clearTimeout(typing);
  form.requestSubmit();
}
document.addEventListener("change", (event) => {
  const form = closest(event, "[data-autosubmit]");
  if (form && !event.target.classList.contains("filter-toggle") && event.target.type !== "search") submitFilters(form);
});
document.addEventListener("input", (event) => {
  const form = closest(event, "[data-autosubmit]");
  // Typing only searches by itself where the answer replaces the list and keeps the caret.
  if (!form || event.target.type !== "search" || event.isComposing || !form.hasAttribute("hx-get")) return;
  clearTimeout(typing);
  typing = setTimeout(() => submitFilters(form), 300);
});
document.addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
// Empty filters stay out of the address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// ── one box for all ──
document.addEventListener("change", (event) => {
  const all = closest(event, "[data-check-all]");
  if (!all) return;
  for (const box of all.form.querySelectorAll(`input[name="${all.dataset.checkAll}"]`)) box.checked = all.checked;
});

// ── unsaved work ──
let changed = false;
document.addEventListener("input", (event) => { if (closest(event, "[data-guard]")) changed = true; });
document.addEventListener("submit", (event) => { if (closest(event, "[data-guard]")) changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// ── messages about requests that failed ──
export function toast(text, tone = "t-bad") {
  let stack = document.getElementById("toasts");
  if (!stack) {
    stack = Object.assign(document.createElement("div"), { id: "toasts" });
    stack.setAttribute("role", "alert");
    document.body.append(stack);
  }
  const message = Object.assign(document.createElement("p"), { className: `flash ${tone}`, textContent: text });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", textContent: "×" });
  close.setAttribute("aria-label", "关闭");
  close.addEventListener("click", () => message.remove());
  message.append(close);
  stack.replaceChildren(...[...stack.children].slice(-2), message);
}

// htmx 4 swaps every answer. A refused form is a fragment and belongs where it was aimed; a whole
// error page does not: its message is shown and the page stays as it is.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const status = ctx?.response?.raw?.status ?? 200;
  if (status < 400 || !/<html[\s>]/i.test(ctx.text ?? "")) return;
  event.preventDefault();
  const answer = new DOMParser().parseFromString(ctx.text, "text/html");
  const words = answer.querySelector("[data-error]") ?? answer.querySelector("main h1") ?? answer.querySelector("title");
  toast(words?.textContent.trim() || `请求没有完成（${status}），页面没有改变。`);
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.sourceElement?.matches?.(".job")) return; // it asks again by itself
  toast("没有连上服务器，页面没有改变，请稍后再试。");
});
