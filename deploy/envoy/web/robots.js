// Watches the robots of a folder through gRPC-Web: what a page of one's own needs, in one file. `deploy/envoy/pack` bundles
// it with the messages of the protos and with Connect's client.

import {Code, ConnectError, createClient} from "@connectrpc/connect";
import {createGrpcWebTransport} from "@connectrpc/connect-web";
import {RobotService, RobotState_State} from "./gen/relais/robot/v1/robot_pb.js";

const SILENCE = 45_000;  // ms; heartbeats come every 15 s at the latest
const FIRST_WAIT = 500, LONGEST_WAIT = 15_000;
// What another attempt cannot mend.
const FINAL = new Set([Code.InvalidArgument, Code.NotFound, Code.PermissionDenied, Code.Unauthenticated, Code.Unimplemented]);

const client = createClient(RobotService, createGrpcWebTransport({baseUrl: location.origin}));
const robots = new Map();
let current = new AbortController();

function say(text) {
  document.querySelector("#state").textContent = text;
}

function cell(text) {
  const made = document.createElement("td");
  made.textContent = text;
  return made;
}

function show() {
  const rows = [...robots.values()].sort((a, b) => a.displayName.localeCompare(b.displayName)).map((robot) => {
    const row = document.createElement("tr"), state = RobotState_State[robot.state], told = cell(state);
    told.dataset.state = state;
    row.append(cell(robot.displayName || robot.name), told, cell(robot.sessions.map((session) => session.hostMachineName).join(", ")));
    return row;
  });
  document.querySelector("#robots").replaceChildren(...rows);
}

// One call: told is what has come since its beginning, for a set that is told anew.
async function follow(folder, token, watch, signal) {
  const call = new AbortController(), end = () => call.abort();
  signal.addEventListener("abort", end);
  let silence = setTimeout(end, SILENCE), told = watch.resumeToken ? null : new Set();
  try {
    const options = {signal: call.signal, headers: token ? {authorization: `Bearer ${token}`} : {}};
    for await (const change of client.watchRobots({parent: folder, resumeToken: watch.resumeToken}, options)) {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE);
      if (change.restarted) told = new Set();
      for (const robot of change.robots) {
        robots.set(robot.name, robot);
        told?.add(robot.name);
      }
      for (const name of change.removedRobots) robots.delete(name);
      if (change.snapshotComplete && told) {
        for (const name of robots.keys()) if (!told.has(name)) robots.delete(name);
        told = null;
      }
      watch.resumeToken = change.resumeToken || watch.resumeToken;
      watch.failures = 0;
      if (!told) say(`Watching ${robots.size} robots.`);
      show();
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", end);
  }
}

async function watchFolder(folder, token, signal) {
  const watch = {resumeToken: "", failures: 0};
  while (!signal.aborted) {
    try {
      await follow(folder, token, watch, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = ConnectError.from(error);
      if (FINAL.has(failure.code)) return say(`${Code[failure.code]}: ${failure.rawMessage}`);
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** watch.failures++) * (0.5 + Math.random() / 2);
      say(`Connecting again: ${failure.rawMessage}`);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

document.querySelector("#watch").addEventListener("submit", (event) => {
  event.preventDefault();
  current.abort();
  current = new AbortController();
  robots.clear();
  show();
  say("Connecting.");
  watchFolder(document.querySelector("#folder").value, document.querySelector("#token").value, current.signal);
});
