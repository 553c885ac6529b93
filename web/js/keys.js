// Keys for people who work through lists: / searches, j and k move, Enter opens, n is new, ? helps; rows may have own keys.

const isTyping = (element) => element.matches?.("input, textarea, select, [contenteditable]") || element.closest?.("dialog[open]");

function rows() {
  return [...document.querySelectorAll("[data-rows] > *")].filter((row) => row.offsetParent !== null || row.getClientRects().length);
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement.closest("[data-rows] > *"));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const actions = {
  "/": () => document.getElementById("search")?.focus(),
  "j": () => move(1),
  "k": () => move(-1),
  "n": () => document.querySelector('[data-key="n"]')?.click(),
  "?": () => document.getElementById("keyboard-help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (event.key === "Enter" && event.target.matches("tr[data-href]")) {
    location.assign(event.target.dataset.href);
    return;
  }
  // A row may name its own keys, as a to accept; they work while the row has the focus.
  const own = document.activeElement.closest("[data-rows] > *")?.querySelector(`[data-key-in-row="${CSS.escape(event.key)}"]`);
  const action = own ? () => own.click() : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// A click on free space of a row follows it; links, boxes and selected text keep their own meaning.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
  else location.assign(row.dataset.href);
});
