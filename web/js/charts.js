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

function palette(printing) {
  const style = getComputedStyle(document.documentElement);
  const take = (name) => style.getPropertyValue(`--${name}`).trim();
  const dark = !printing && document.documentElement.dataset.theme === "dark";
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
    legend: { textStyle: { color: p.soft }, itemWidth: 14, itemHeight: 9 },
    tooltip: { backgroundColor: p.raised, borderColor: p.line, textStyle: { color: p.ink, fontSize: 13 } },
    line: { symbol: "circle", symbolSize: 5, lineStyle: { width: 2 } }, bar: { barMaxWidth: 26 },
    pie: { label: { color: p.soft } },
  };
}

async function draw(canvas) {
  const source = document.getElementById(canvas.dataset.chart);
  if (!source) return;
  const option = JSON.parse(source.textContent);
  const echarts = await loadLibrary();
  if (!canvas.isConnected) return;
  drawn.get(canvas)?.dispose();
  const picture = echarts.init(canvas, theme(palette()), { renderer: "svg" });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  picture.setOption({ grid: { left: 8, right: 16, top: 36, bottom: 6, containLabel: true }, tooltip: { trigger: "axis" }, animation: !calm, animationDuration: 250, ...option });
  drawn.set(canvas, picture);
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    draw(entry.target).catch(() => { entry.target.closest(".chart").querySelector("details").open = true; });
  }
}, { rootMargin: "200px" });
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
document.addEventListener("theme", () => [...drawn.keys()].forEach(draw));
addEventListener("beforeprint", () => drawn.forEach((picture) => picture.resize()));
