// What the page is made of. Texts become text nodes only: names come from callers and upstreams.

export const number = new Intl.NumberFormat("en");

// make("span", "pill good", "text", node, …): an element of that class with these children.
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// The text with places where a line may break: behind slashes and underscores.
const breakable = (text) => text.split(/(?<=[/_])/).flatMap((part) => [part, document.createElement("wbr")]).slice(0, -1);

// A text of others, whose direction of writing changes nothing around it.
export const foreign = (text, className) => make("bdi", className, ...breakable(text));
export const code = (text) => make("span", "code", ...breakable(text));
export const second = (...children) => make("span", "second", ...children);
export const words = (text) => text.toLowerCase().replaceAll("_", " ");
export const plural = (count, noun) => `${number.format(count)} ${noun}${count === 1 ? "" : "s"}`;

export function span(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return seconds <= 0 ? "0 s" : "< 1 s";
  const [unit, size] = units[first];
  const text = `${Math.floor(seconds / size)} ${unit}`;
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  return rest > 0 ? `${text} ${rest} ${next[0]}` : text;
}

export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = count < 1024 ? 0 : Math.min(Math.floor(Math.log2(count) / 10), units.length - 1);
  return `${number.format(Math.round((count / 1024 ** power) * 10) / 10)} ${units[power]}`;
}

const latency = (ms) => (ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

// "14:03:05", with the day when it is another one than today.
export function clock(time) {
  const date = new Date(time);
  const day = date.toDateString() === new Date().toDateString() ? "" : `${date.toLocaleDateString("en-GB")} `;
  const element = make("time", "nowrap", day + date.toLocaleTimeString("en-GB"));
  element.dateTime = time;
  return element;
}

// Every state has a sign of its own, so that its colour need not be seen.
const SIGNS = {good: "✓", warn: "!", bad: "✕", plain: "○"};
export function pill(kind, text) {
  const sign = make("span", "", `${SIGNS[kind]} `);
  sign.ariaHidden = "true";
  return make("span", `pill ${kind}`, sign, text);
}

function svg(tag, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

// A line of the latencies, oldest first; a cross at the foot marks each attempt that has failed.
export function sparkline({milliseconds, failed}) {
  if (milliseconds.length === 0) return make("span", "muted", "no requests yet");
  const [width, height] = [132, 28];
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [median, most] = [sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  const x = (at) => (milliseconds.length === 1 ? width / 2 : 4 + (at * (width - 8)) / (milliseconds.length - 1)).toFixed(1);
  const y = (ms) => (height - 3 - ((height - 6) * ms) / (most || 1)).toFixed(1);
  const points = milliseconds.map((ms, at) => `${x(at)},${y(ms)}`);
  const told = `median ${latency(median)}, highest ${latency(most)}` + (failed.length ? `, ${failed.length} failed` : "");
  const picture = svg("svg", {class: "spark", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Latency: ${told}`});
  svg("polygon", {class: "area", points: `${x(0)},${height} ${points.join(" ")} ${x(milliseconds.length - 1)},${height}`}, picture);
  svg("polyline", {class: "line", points: points.join(" ")}, picture);
  for (const at of failed) {
    const [left, foot] = [Number(x(at)), height - 4];
    svg("path", {class: "cross", d: `M${left - 3} ${foot - 3}l6 6m0 -6l-6 6`}, picture);
  }
  return make("div", "", picture, second(told));
}
