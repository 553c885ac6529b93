// Draws ECharts pictures when they come into view, in the page's colours; the library loads on first need.

const drawn = new Map();
let library;

function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector('meta[name="echarts"]').content;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const take = (name) => style.getPropertyValue(`--${name}`).trim();
  const dark = document.documentElement.dataset.theme === "dark";
  return {
    colours: dark
      ? ["#82bbd4", "#d9a765", "#84c7a1", "#c3a5e2", "#e58f86", "#93a7b8", "#c9c07a"]
      : ["#1f5673", "#b9772f", "#3f7f60", "#6a4c8c", "#a8453d", "#6d8494", "#8c8236"],
    ink: take("ink"), soft: take("ink-2"), faint: take("ink-3"), line: take("line"), axis: take("line-strong"), raised: take("raised"),
  };
}

function theme(p) {
  const axis = {
    axisLine: { lineStyle: { color: p.axis } }, axisTick: { show: false }, axisLabel: { color: p.soft },
    splitLine: { lineStyle: { color: p.line } }, nameTextStyle: { color: p.faint },
  };
  return {
    color: p.colours, backgroundColor: "transparent",
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: p.ink },
    categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } }, timeAxis: axis,
    legend: { top: 0, right: 0, textStyle: { color: p.soft }, itemWidth: 14, itemHeight: 9 },
    tooltip: { backgroundColor: p.raised, borderColor: p.line, textStyle: { color: p.ink, fontSize: 13 } },
    line: { symbol: "circle", symbolSize: 5, lineStyle: { width: 2 } }, bar: { barMaxWidth: 26 },
    pie: { label: { color: p.soft } },
  };
}

function render(canvas, echarts, calm) {
  const option = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  drawn.get(canvas)?.dispose();
  const picture = echarts.init(canvas, theme(palette()), { renderer: "svg" });
  picture.setOption({ grid: { left: 8, right: 16, top: 34, bottom: 6, containLabel: true }, tooltip: { trigger: "axis" }, animation: !calm, animationDuration: 250, ...option });
  drawn.set(canvas, picture);
}

async function draw(canvas) {
  seen.unobserve(canvas);
  try {
    const echarts = await loadLibrary();
    if (canvas.isConnected) render(canvas, echarts, matchMedia("(prefers-reduced-motion: reduce)").matches);
  } catch {
    canvas.closest(".chart").querySelector("details").open = true;
  }
}

const seen = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && draw(entry.target)), { rootMargin: "200px" });
const resized = new ResizeObserver((entries) => entries.forEach((entry) => drawn.get(entry.target)?.resize()));

function find() {
  for (const [canvas, picture] of drawn) {
    if (!canvas.isConnected) { picture.dispose(); drawn.delete(canvas); }
  }
  for (const canvas of document.querySelectorAll("[data-chart]:not([data-watched])")) {
    canvas.dataset.watched = "";
    seen.observe(canvas);
    resized.observe(canvas);
  }
}

find();
document.addEventListener("htmx:after:settle", find);

// What was not scrolled to yet is drawn when the browser has time, so that it is there for printing.
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 1000));
addEventListener("load", () => whenIdle(() => {
  for (const canvas of document.querySelectorAll("[data-chart]")) if (!drawn.has(canvas)) draw(canvas);
}));

const redraw = () => { for (const canvas of [...drawn.keys()]) render(canvas, window.echarts, true); };
document.addEventListener("theme", redraw);

// Paper is light: draw in light colours for printing.
const root = document.documentElement;
let shown;
addEventListener("beforeprint", () => {
  shown = root.dataset.theme;
  if (shown === "light") return;
  root.dataset.theme = "light";
  redraw();
});
addEventListener("afterprint", () => {
  if (shown === "light") return;
  root.dataset.theme = shown;
  redraw();
});
