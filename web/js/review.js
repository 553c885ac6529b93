// The review of a plan: select text to add a finding, click a mark to see its card and back.

// Where a place in the document lies in the plan's text, in characters (code points), or null.
function offsetOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const piece = element.closest("[data-offset]");
  if (!piece) return null;
  const range = document.createRange();
  range.setStart(piece, 0);
  range.setEnd(node, offset);
  return Number(piece.dataset.offset) + [...range.toString()].length;
}

// A selection may end between pieces, as after a double or triple click; then the nearest piece inside counts.
function selected(view, range) {
  const pieces = [...view.querySelectorAll(".plan-text [data-offset]")].filter((piece) => range.intersectsNode(piece));
  if (!pieces.length) return null;
  const last = pieces[pieces.length - 1];
  let start = offsetOf(range.startContainer, range.startOffset) ?? Number(pieces[0].dataset.offset);
  let end = offsetOf(range.endContainer, range.endOffset) ?? Number(last.dataset.offset) + [...last.textContent].length;
  return start < end ? { start, end } : null;
}

function offer(view) {
  const form = view.querySelector(".pick");
  if (!form) return;
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const text = view.querySelector(".plan-text");
  const place = range && text?.contains(range.commonAncestorContainer) && range.toString().trim() ? selected(view, range) : null;
  form.hidden = !place;
  if (!place) return;
  form.elements.start.value = place.start;
  form.elements.end.value = place.end;
  const outer = view.getBoundingClientRect();
  const box = range.getBoundingClientRect();
  const left = Math.min(Math.max(box.left - outer.left, 4), outer.width - form.offsetWidth - 4);
  form.style.left = `${left}px`;
  form.style.top = `${Math.max(box.bottom - outer.top + 6, 0)}px`;
}

let waiting;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => document.querySelectorAll("[data-review]").forEach(offer), 120);
});
// Pressing a button of the offer must not clear the selection first.
document.addEventListener("mousedown", (event) => { if (event.target.closest?.(".pick")) event.preventDefault(); });

function light(element) {
  document.querySelectorAll(".lit").forEach((other) => other.classList.remove("lit"));
  element.classList.add("lit");
}

function goTo(id, tab) {
  const element = document.getElementById(id);
  if (!element) return;
  const view = element.closest("[data-review]");
  const radio = view.querySelector(tab);
  if (getComputedStyle(element.closest("section")).display === "none") radio.checked = true;
  light(element);
  element.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function follow(event) {
  const mark = event.target.closest?.("mark[data-card]");
  if (mark) return goTo(mark.dataset.card, ".tab-cards");
  const card = event.target.closest?.("[data-mark]");
  if (card && !event.target.closest("a, button, input, select, textarea, label, summary")) goTo(card.dataset.mark, ".tab-text");
}
document.addEventListener("click", (event) => { if (getSelection().isCollapsed) follow(event); });
document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("mark, [data-mark]")) follow(event); });

// After an action the card has come anew: its marks take its state over, and the keyboard stays where it was.
let working;
document.addEventListener("htmx:before:swap", () => { working = document.activeElement?.closest?.("[data-mark]")?.id; });
document.addEventListener("htmx:after:swap", () => {
  const states = ["open", "confirmed", "dropped"];
  const kinds = ["c-target", "c-duty", "c-task"];
  for (const mark of document.querySelectorAll("mark[data-card]")) {
    const card = document.getElementById(mark.dataset.card);
    if (!card) continue;
    for (const name of [...states, ...kinds]) mark.classList.toggle(name, card.classList.contains(name));
  }
  const card = working && document.getElementById(working);
  if (!card || (card !== document.activeElement && card.contains(document.activeElement))) return;
  (card.querySelector("form [name=title]") ?? card).focus({ preventScroll: true });
});
