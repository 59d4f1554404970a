// Draws status.json, again and again.

import {clock, make, number, pill, span} from "./elements.js";
import {BREAKER, READINESS, SERVING, TABLES} from "./tables.js";

const EVERY_MS = 2000;
const ANSWER_MS = 5000;
const byId = (id) => document.getElementById(id);

// An element with its role told: on a phone, tables are laid out as something else.
function withRole(role, tag, ...children) {
  const element = make(tag, "", ...children);
  element.setAttribute("role", role);
  return element;
}

function newTable({caption, columns}) {
  const heads = columns.map(([title, , className]) => {
    const head = withRole("columnheader", "th", title);
    head.scope = "col";
    if (className) head.className = className;
    return head;
  });
  return withRole("table", "table", make("caption", "unseen", caption),
    withRole("rowgroup", "thead", withRole("row", "tr", ...heads)), withRole("rowgroup", "tbody"));
}

function newRow({columns}) {
  return withRole("row", "tr", ...columns.map(([title, , className], at) => {
    const cell = at === 0 ? withRole("rowheader", "th") : withRole("cell", "td");
    if (at === 0) cell.scope = "row";
    cell.dataset.label = title;
    if (className) cell.className = className;
    return cell;
  }));
}

// Rows stay the elements that they are, and cells that show the same are not touched.
function drawTable(name, status) {
  const table = TABLES[name];
  const place = byId(`${name}-table`);
  const rows = table.rows(status);
  if (!place.firstChild) place.append(make("div", "table"));
  const frame = place.firstChild;
  if (rows.length === 0) {
    if (!frame.querySelector(".empty")) frame.replaceChildren(make("p", "empty", table.empty));
    return;
  }
  if (!frame.querySelector("table")) frame.replaceChildren(newTable(table));
  const body = frame.querySelector("tbody");
  const known = new Map([...body.children].map((row) => [row.dataset.key, row]));
  const shown = rows.map((data) => {
    const row = known.get(table.key(data)) ?? newRow(table);
    row.dataset.key = table.key(data);
    table.columns.forEach(([, draw], at) => {
      const drawn = make("div", "", draw(data));
      if (!row.cells[at].firstChild?.isEqualNode(drawn)) row.cells[at].replaceChildren(drawn);
    });
    return row;
  });
  if (shown.length !== body.children.length || shown.some((row, at) => row !== body.children[at])) body.replaceChildren(...shown);
}

function drawOverview(status) {
  const limit = (name) => status.limits.find((one) => one.name === name);
  const ready = status.connections.filter((one) => one.readiness === "ready").length;
  const upstreams = status.connections.filter((one) => one.readiness !== "none").length;
  const saved = status.connections.reduce((sum, one) => sum + one.polls.saved, 0);
  const tiles = [
    ["Uptime", span(status.gateway.uptime_seconds), ""],
    ["Upstreams ready", String(ready), `of ${upstreams}`],
    ["Live calls", number.format(status.calls.open), ""],
    ["Watches", number.format(limit("watches").used), `of ${number.format(limit("watches").most)}`],
    ["Uploads", number.format(limit("uploads").used), `of ${number.format(limit("uploads").most)}`],
    ["Polls saved", number.format(saved), ""],
    ["Failed calls", number.format(status.failures.total), "since the start"],
  ];
  byId("overview").replaceChildren(...tiles.map(([title, value, more]) =>
    make("div", "", make("dt", "", title), make("dd", "", value, more ? make("small", "", ` ${more}`) : null))));
}

// What has changed since the document before, in sentences.
function changes(before, now) {
  const told = [];
  if (before.gateway.state !== now.gateway.state) told.push(`The gateway is ${SERVING[now.gateway.state][1]}.`);
  const earlier = new Map(before.connections.map((one) => [TABLES.connections.key(one), one]));
  for (const one of now.connections) {
    const old = earlier.get(TABLES.connections.key(one));
    if (!old) continue;
    if (old.readiness !== one.readiness) told.push(`${one.service} ${one.name} is ${READINESS[one.readiness][1]}.`);
    if (old.breaker !== one.breaker) told.push(`Breaker of ${one.service} ${one.name} is ${BREAKER[one.breaker][1]}.`);
  }
  return told;
}

function tell(text, lost) {
  const news = byId("news");
  if (news.textContent !== text) news.textContent = text;
  news.className = lost ? "lost" : "";
}

let last = null; // the document that is shown
let lost = false;
let paused = false;

function draw(status) {
  byId("version").textContent = status.gateway.version;
  byId("state").replaceChildren(pill(...SERVING[status.gateway.state]),
    status.gateway.state === "not_ready" ? make("span", "muted", status.gateway.problem) : "");
  byId("updated").replaceWith(Object.assign(clock(status.time), {id: "updated"}));
  drawOverview(status);
  for (const name of Object.keys(TABLES)) drawTable(name, status);
  const news = last === null ? ["All is as shown since this page was opened."] : changes(last, status);
  if (lost) news.unshift("The gateway answers again.");
  if (news.length > 0) tell(news.join(" "), false);
  [last, lost] = [status, false];
}

async function refresh() {
  if (paused || document.hidden) return;
  try {
    const reply = await fetch("status.json", {cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS)});
    if (!reply.ok) throw new Error(`status ${reply.status}`);
    draw(await reply.json());
  } catch (error) {
    console.debug(error);
    if (!lost) tell("The gateway does not answer; what is shown is old.", true);
    lost = true;
  }
}

async function run() {
  await refresh();
  setTimeout(run, EVERY_MS);
}

byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").ariaPressed = String(paused);
  tell(paused ? "Updates are paused." : "Updates go on.", false);
  refresh();
});
document.addEventListener("visibilitychange", refresh);
run();
