// A lesson dragged over its week: free times turn green, the others red with their reason; dropping presses the button
// that the list of places has for the time. Everything works by clicking as well, without this script.

let dragged = null;

function clear() {
  for (const cell of document.querySelectorAll(".drop-free, .drop-bad")) {
    cell.classList.remove("drop-free", "drop-bad");
    cell.removeAttribute("title");
  }
}

document.addEventListener("dragstart", async (event) => {
  const lesson = event.target.closest?.("[data-places]");
  if (!lesson) return;
  dragged = lesson.dataset.places;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", lesson.textContent.trim());
  const asked = dragged;
  const answer = await fetch(asked, { headers: { "hx-request": "true" } });
  const panel = document.getElementById("places");
  if (!answer.ok || dragged !== asked || !panel) return;
  panel.innerHTML = await answer.text();
  for (const cell of document.querySelectorAll("td[data-slot]")) {
    const free = panel.querySelector(`[data-free="${cell.dataset.slot}"]`);
    const why = panel.querySelector(`[data-why="${cell.dataset.slot}"]`);
    if (free) cell.classList.add("drop-free");
    if (why) { cell.classList.add("drop-bad"); cell.title = why.title; }
  }
});

document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest?.("td.drop-free")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const cell = event.target.closest?.("td.drop-free");
  if (!dragged || !cell) return;
  event.preventDefault();
  const button = document.querySelector(`#places [data-free="${cell.dataset.slot}"]`);
  button?.form.requestSubmit(button);
});

document.addEventListener("dragend", () => { dragged = null; clear(); });
