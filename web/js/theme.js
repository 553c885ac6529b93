// Runs before the first paint: sets colours and a folded navigation as this browser last had them.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const server = root.dataset.theme || "auto";
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

  const choice = () => read("theme") || server;
  const apply = () => {
    const theme = choice() === "auto" ? (dark.matches ? "dark" : "light") : choice();
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("theme"));
  };
  apply();
  dark.addEventListener?.("change", apply);
  if (read("nav") === "folded") root.dataset.nav = "folded";

  const names = { auto: "跟随系统", light: "浅色", dark: "深色" };
  const label = (button) => {
    const text = `配色：${names[choice()]}`;
    button.title = text;
    button.setAttribute("aria-label", text);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-theme-cycle]").forEach(label));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-cycle]");
    if (!button) return;
    const order = ["auto", "light", "dark"];
    write("theme", order[(order.indexOf(choice()) + 1) % 3]);
    apply();
    label(button);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "nav-toggle" || matchMedia("(max-width: 860px)").matches) return;
    event.target.checked = false;
    const folded = root.dataset.nav !== "folded";
    root.dataset.nav = folded ? "folded" : "open";
    write("nav", root.dataset.nav);
    dispatchEvent(new Event("resize"));
  });
})();
