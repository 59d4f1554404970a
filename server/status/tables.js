// What each table of the page shows of status.json.

import {bytes, clock, code, foreign, make, number, pill, plural, second, span, sparkline, words} from "./elements.js";

export const READINESS = {
  ready: ["good", "ready"], unknown: ["plain", "not asked yet"], none: ["plain", "no upstream"],
  unreachable: ["bad", "unreachable"], login_refused: ["bad", "login refused"], failing: ["warn", "failing"],
};
export const BREAKER = {closed: ["good", "closed"], open: ["bad", "open"], half_open: ["warn", "half open"]};
export const SERVING = {serving: ["good", "serving"], draining: ["warn", "draining"], not_ready: ["bad", "not ready"]};
const BAD_STATES = /FAIL|FAULT|UNRESPONSIVE|ERROR/;
const GOOD_STATES = /SUCCEEDED$|AVAILABLE|COMPLETED/;
const WARN_STATES = /WARNING|CANCEL|DISCONNECTED|WAITING|SKIPPED/;

function kindOf(state) {
  if (BAD_STATES.test(state)) return "bad";
  if (WARN_STATES.test(state)) return "warn";
  return GOOD_STATES.test(state) ? "good" : "plain";
}

function states(counts) {
  const entries = Object.entries(counts);
  if (entries.length === 0) return make("span", "muted", "none");
  return make("span", "", ...entries.map(([state, count]) => pill(kindOf(state), `${number.format(count)} ${words(state)}`)));
}

function progress(run) {
  const done = `${plural(run.rows, "row")}, ${bytes(run.bytes)}`;
  if (run.percent === null) return done;
  const bar = make("progress");
  bar.max = 100;
  bar.value = run.percent;
  bar.ariaLabel = `Progress of ${run.name}`;
  return make("div", "", `${Math.floor(run.percent)} %`, bar, second(done));
}

function usage(limit) {
  const show = limit.name === "spool_bytes" ? bytes : (count) => number.format(count);
  const share = limit.used / limit.most;
  const sign = share >= 0.95 ? pill("bad", "used up") : share >= 0.8 ? pill("warn", "nearly used up") : null;
  return make("span", "", show(limit.used), " of ", show(limit.most), " ", sign);
}

const late = (seconds) => (seconds < 1 ? "on time" : `${span(seconds)} late`);
const ago = (seconds) => (seconds === null ? make("span", "muted", "not yet") : seconds < 1 ? "just now" : `${span(seconds)} ago`);
const shortService = (service) => service.split(".").pop();

// What each table shows: [title, what a row has there, class]; the first column heads the row. `key` tells rows apart.
export const TABLES = {
  connections: {
    caption: "Connections to upstreams", empty: "No connection is configured.",
    rows: (status) => status.connections, key: (row) => `${row.service} ${row.name}`,
    columns: [
      ["Connection", (row) => make("span", "", foreign(row.name), second(row.service, row.display_name ? " · " : "", foreign(row.display_name)))],
      ["Readiness", (row) => pill(...READINESS[row.readiness])],
      ["Breaker", (row) => (row.readiness === "none" ? "–" : pill(...BREAKER[row.breaker]))],
      ["Last error", (row) => (row.last_error === null ? make("span", "muted", "none")
        : make("span", row.readiness === "ready" ? "muted" : "", code(row.last_error.reason), second(row.last_error.http_status ? `HTTP ${row.last_error.http_status}, ` : "", clock(row.last_error.time))))],
      ["Latency", (row) => (row.readiness === "none" ? "–" : sparkline(row.latency))],
      ["Workers", (row) => make("span", "", `${row.workers.busy} of ${row.workers.most}`, second(make("span", "nowrap", `${number.format(row.workers.waiting)} waiting`)))],
      ["Polls", (row) => row.polls.made === 0 && row.watchers === 0 ? make("span", "muted", "none") : make("span", "", `${number.format(row.polls.made)} made`, second(`${number.format(row.polls.saved)} saved, ${plural(row.watchers, "watcher")}`))],
    ],
  },
  watched: {
    caption: "Watched collections", empty: "Nobody watches anything.",
    rows: (status) => status.watched.flatMap((group) => group.collections.map((row) => ({...row, group}))),
    key: (row) => `${row.group.service} ${row.group.noun} ${row.name}`,
    columns: [
      ["Collection", (row) => make("span", "", foreign(row.name), second(row.group.service, row.group.collections_total > row.group.collections.length
        ? ` · one of ${number.format(row.group.collections_total)}` : ""))],
      ["Each is a", (row) => row.group.noun],
      ["By state", (row) => states(row.states)],
      ["Watchers", (row) => number.format(row.watchers), "number"],
      ["As of", (row) => make("span", "", row.failing ? pill("bad", "polls fail") : null, ago(row.age_seconds))],
    ],
  },
  runs: {
    caption: "Runs that have not ended", empty: "No run is under way or waits.",
    rows: (status) => status.runs, key: (row) => row.name,
    columns: [
      ["Run", (row) => make("span", "", foreign(row.name), second(row.service))],
      ["State", (row) => make("span", "", pill(kindOf(row.state), words(row.state)), row.attempt > 1 ? second(`attempt ${row.attempt}`) : null)],
      ["Progress", progress],
      ["Lateness", (row) => make("span", "", late(row.lateness_seconds), row.slot_time ? second("due ", clock(row.slot_time)) : null)],
      ["Last error", (row) => (row.reason ? code(row.reason) : make("span", "muted", "none"))],
    ],
  },
  schedules: {
    caption: "Schedules", empty: "Nothing is scheduled.",
    rows: (status) => status.schedules, key: (row) => row.name,
    columns: [
      ["Schedule", (row) => make("span", "", foreign(row.name), second(row.service))],
      ["State", (row) => (row.overdue ? pill("bad", "overdue") : row.paused ? pill("warn", "paused") : pill("good", "in time"))],
      ["Last run", (row) => (row.last_run === null ? make("span", "muted", "none since the start") : make("span", "", pill(kindOf(row.last_run.state), words(row.last_run.state)),
        second(`${late(row.last_run.lateness_seconds)}, took ${span(row.last_run.duration_seconds)}`)))],
      ["Last success", (row) => (row.last_success_time ? clock(row.last_success_time) : make("span", "muted", "never"))],
      ["Next", (row) => (row.next_time ? clock(row.next_time) : "–")],
    ],
  },
  calls: {
    caption: "Methods that have been called", empty: "No call has come yet.",
    rows: (status) => status.calls.methods, key: (row) => `${row.service}/${row.method}`,
    columns: [
      ["Method", (row) => make("span", "", row.method, second(row.service))],
      ["Open", (row) => number.format(row.open), "number"],
      ["Since the start", (row) => number.format(row.started), "number"],
    ],
  },
  limits: {
    caption: "Limits of the gateway", empty: "", rows: (status) => status.limits, key: (row) => row.name,
    columns: [
      ["Limit", (row) => words(row.name)],
      ["Used", usage],
      ["Refused", (row) => number.format(row.refused), "number"],
    ],
  },
  failures: {
    caption: "Calls that have failed lately, each kind once", empty: "No call has failed since the start.",
    rows: (status) => status.failures.recent, key: (row) => `${row.service}/${row.method} ${row.reason} ${row.code} ${row.connection}`,
    columns: [
      ["Reason", (row) => make("span", "", code(row.reason), second(words(row.code)))],
      ["Method", (row) => make("span", "", row.method, second(shortService(row.service)))],
      ["Connection", (row) => (row.connection ? foreign(row.connection) : "–")],
      ["How often", (row) => number.format(row.count), "number"],
      ["Last", (row) => clock(row.time)],
      ["Its call", (row) => foreign(row.call_id, "code")],
    ],
  },
};
