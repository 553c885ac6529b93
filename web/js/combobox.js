// Search as you type for a reference to another record: the text is for people, the hidden input is posted.

const parts = (box) => ({ text: box.querySelector("[role=combobox]"), hidden: box.querySelector("input[type=hidden]"), list: box.querySelector("[role=listbox]"), says: box.querySelector("[role=status]") });
const pending = new WeakMap();
const shownFor = new WeakMap();

function close(box) {
  const { text, list } = parts(box);
  list.hidden = true;
  text.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
}

function activate(box, option) {
  const { text, list } = parts(box);
  for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
  text.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(box, option) {
  const { text, hidden } = parts(box);
  text.value = option.dataset.label;
  hidden.value = option.dataset.id;
  shownFor.set(box, text.value);
  box.classList.remove("unchosen");
  text.setCustomValidity("");
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
  close(box);
}

function show(box, found) {
  const { text, list, says } = parts(box);
  list.replaceChildren(...found.map(({ id, label, hint }, index) => {
    const option = Object.assign(document.createElement("li"), { id: `${list.id}-${index}` });
    option.setAttribute("role", "option");
    Object.assign(option.dataset, { id, label });
    option.append(Object.assign(document.createElement("span"), { textContent: label }));
    if (hint) option.append(Object.assign(document.createElement("small"), { textContent: hint }));
    return option;
  }));
  if (!found.length) list.append(Object.assign(document.createElement("li"), { className: "nothing", textContent: "没有找到，换个字或拼音首字母试试" }));
  says.textContent = found.length ? `${found.length} 个结果，用上下键选择` : "没有结果";
  list.hidden = false;
  text.setAttribute("aria-expanded", "true");
  if (found.length) activate(box, list.firstElementChild);
}

async function ask(box) {
  const { text } = parts(box);
  pending.get(box)?.abort();
  const query = new AbortController();
  pending.set(box, query);
  const url = new URL(box.dataset.combo, location.href);
  url.searchParams.set("q", text.value.trim());
  try {
    const answer = await fetch(url, { signal: query.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    show(box, await answer.json());
  } catch (error) {
    if (error.name === "AbortError") return;
    close(box);
    parts(box).says.textContent = "查询没有成功";
  }
}

function typed(box) {
  const { text, hidden } = parts(box);
  hidden.value = "";
  box.classList.toggle("unchosen", text.value !== "");
  text.setCustomValidity(text.value ? "请从列表中选择一项" : "");
  clearTimeout(box.timer);
  if (text.value.trim()) box.timer = setTimeout(() => ask(box), 120);
  else { pending.get(box)?.abort(); close(box); hidden.dispatchEvent(new Event("change", { bubbles: true })); }
}

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-combo]");
  // While an input method composes, the text is not yet what the person means.
  if (box && !event.isComposing) typed(box);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-combo]");
  if (!box || event.isComposing || event.keyCode === 229) return;
  const { list } = parts(box);
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) ask(box);
    else if (options.length) activate(box, options[(at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length]);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    if (options[at]) choose(box, options[at]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.stopPropagation();
    close(box);
  } else if (event.key === "Tab" && !list.hidden) {
    if (options[at]) choose(box, options[at]);
    else close(box);
  }
}, true);
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[data-combo] [role=option]");
  if (option) { event.preventDefault(); choose(option.closest("[data-combo]"), option); }
});
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-combo]");
  if (box && !box.contains(event.relatedTarget)) close(box);
});
