// Commands on their way to the server. Each has an id of its own and is sent until a receipt comes; sent twice it is done
// once. What the server refuses is kept and shown, never dropped.
import { bodyOf, drop, get, keep, list, mark, prune, uuid } from "./store.js";
import { clock, element, icon, word } from "./words.js";

/** How long one attempt may take, in milliseconds: weak signal is slow, not absent, and a photograph is half a megabyte. */
const ATTEMPT = 20000;
const PHOTO_ATTEMPT = 120000;
/** Pauses between rounds, in milliseconds. */
const PAUSES = [3000, 8000, 20000, 60000];
/** States that wait for the server, and those that wait for a person. */
const WAITING = "waiting";
const STUCK = ["conflict", "refused"];

/** What waits for a photograph: itself, or a command that names one that is still under way. */
const waitsForPhotos = (entry) => entry.kind === "photo" || Boolean(entry.needsPhotos);
/** Two lanes, each in the order of time: word of danger must not stand behind a picture that does not get through. */
const lanes = [
  { takes: (entry) => !waitsForPhotos(entry), sending: null, failing: "" },
  { takes: waitsForPhotos, sending: null, failing: "" },
];
let round = 0;
let timer = 0;

/** Why the last round ended early: "offline", "login", "reload", "busy", or nothing. */
export function trouble() {
  return lanes.map((lane) => lane.failing).find(Boolean) || "";
}

/** What befell something that is sent beside the queue, a draft above all: the head says it, though nothing waits. */
export function noted(reason) {
  lanes[0].failing = reason;
  return show();
}

/** Fetches with an end. */
export function send(path, options, patience = ATTEMPT) {
  const controller = new AbortController();
  const end = setTimeout(() => controller.abort(), patience);
  const headers = { accept: "application/json", "x-form-token": document.body.dataset.formToken, ...options.headers };
  return fetch(path, { ...options, headers, signal: controller.signal, credentials: "same-origin", redirect: "manual" }).finally(() =>
    clearTimeout(end),
  );
}

/** Puts a command into the queue and returns its id. */
export async function enqueue(entry, body) {
  const id = entry.id || uuid();
  await keep("queue", { ...entry, id, at: Date.now(), state: WAITING }, body);
  await show();
  return id;
}

/** Sends all that waits, one round of each lane at a time; returns when they are over, or that of `entry` is. */
export function flush(entry) {
  clearTimeout(timer);
  for (const lane of lanes) {
    if (lane.sending) continue;
    lane.sending = work(lane).finally(() => {
      lane.sending = null;
      return rest();
    });
  }
  const own = entry && lanes.find((lane) => lane.takes(entry));
  return own ? own.sending : Promise.all(lanes.map((lane) => lane.sending));
}

/** Tries each entry of the lane once, those too that come in meanwhile. */
async function work(lane) {
  const tried = new Set();
  const next = async () => (await list("queue")).find((entry) => entry.state === WAITING && lane.takes(entry) && !tried.has(entry.id));
  lane.failing = "";
  try {
    for (let entry = await next(); entry; entry = await next()) {
      tried.add(entry.id);
      await show(entry.id);
      if (!(await attempt(entry, lane))) break;
    }
  } catch (error) {
    // The phone keeps nothing: there is nothing to send.
  }
}

/** What is left when both lanes have ended is tried again after a pause. */
async function rest() {
  if (lanes.some((lane) => lane.sending)) return;
  const left = (await list("queue").catch(() => [])).filter((entry) => entry.state === WAITING).length;
  if (left > 0) {
    timer = setTimeout(flush, PAUSES[Math.min(round, PAUSES.length - 1)]);
    round += 1;
  } else {
    round = 0;
    await prune().catch(() => undefined);
  }
  await show();
  document.dispatchEvent(new CustomEvent("phone:rest"));
}

/** Pages that wait for an entry, and lists that show its matter, hear what the server said of it. */
const tell = (entry) => document.dispatchEvent(new CustomEvent("phone:answered", { detail: entry }));

/** One attempt; false when the rest should wait as well. */
async function attempt(entry, lane) {
  let answer;
  let said = {};
  try {
    answer = await send(entry.path, await request(entry), entry.kind === "photo" ? PHOTO_ATTEMPT : ATTEMPT);
    said = await answer.json().catch(() => ({}));
  } catch (error) {
    lane.failing = "offline";
    return false;
  }
  if (answer.ok) {
    await mark("queue", entry.id, { state: "done", doneAt: Date.now(), said, body: null });
    await settle(entry);
  } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    lane.failing = answer.status === 403 ? "reload" : "login";
    return false;
  } else if (answer.status === 409) {
    // Both versions are as personal as what was written: sealed with it.
    await keep("queue", { ...entry, state: "conflict", said: { title: said.title } }, { ...(await bodyOf(entry)), said });
  } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    await mark("queue", entry.id, { state: "refused", said });
  } else {
    lane.failing = "busy";
    return false;
  }
  tell(entry);
  return true;
}

async function request(entry) {
  const body = await bodyOf(entry);
  if (entry.kind === "photo") {
    const form = new FormData();
    for (const [name, value] of Object.entries(body.fields)) form.append(name, value);
    form.append("_token", document.body.dataset.formToken);
    form.append("photo", body.blob, "photo.jpg");
    return { method: "POST", body: form };
  }
  const command = { ...body.command, answers: await withPhotos(body.command.answers) };
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(command) };
}

/** A photograph is named by its command until its receipt says what it is called on the server. One that was refused is left out. */
async function withPhotos(answers) {
  if (!answers) return answers;
  const named = {};
  for (const [field, value] of Object.entries(answers)) {
    if (!Array.isArray(value)) {
      named[field] = value;
      continue;
    }
    const kept = [];
    for (const one of value) {
      const waiting = String(one).startsWith("command:") ? await get("queue", String(one).slice(8)) : null;
      if (!waiting && !String(one).startsWith("command:")) kept.push(one);
      else if (waiting && waiting.state === "done" && waiting.said.attachment) kept.push(waiting.said.attachment);
    }
    named[field] = kept;
  }
  return named;
}

/** What was not taken of the same act before is settled by what is taken now, and so is a picture that a form which is
 * handed in left out: the head asks nobody to look at them any more. A word of another kind, of danger above all, goes
 * on asking. */
async function settle(done) {
  if (done.kind !== "command") return;
  for (const entry of await list("queue")) {
    const isSameAct = entry.kind === "command" ? entry.action === done.action : done.handsIn;
    if (entry.id !== done.id && entry.matter === done.matter && STUCK.includes(entry.state) && isSameAct) await drop("queue", entry.id);
  }
}

/** What became of a command. */
export function entryOf(id) {
  return get("queue", id);
}

/** What a conflict was answered with: both versions, and on what to act. */
export async function saidOf(entry) {
  return (entry.body && (await bodyOf(entry)).said) || entry.said || {};
}

/** A stuck command is sent again, after the person has looked; `base` is what they looked at. */
export async function again(id, base) {
  const entry = await get("queue", id);
  if (!entry || !entry.body) return;
  const { said: _, ...body } = await bodyOf(entry);
  if (base && body.command) body.command.base = base;
  await keep("queue", { ...entry, body: undefined, state: WAITING, said: null }, body);
  await flush(entry);
}

export async function forget(id) {
  await drop("queue", id);
  await show();
}

/** The pill in the bar, the marks in lists, and the list on the person's own page. */
export async function show(underWay = "") {
  let entries = [];
  try {
    entries = await list("queue");
  } catch (error) {
    return;
  }
  pill(entries, underWay);
  for (const row of document.querySelectorAll("[data-matter]")) {
    const mine = entries.filter((entry) => entry.matter === row.dataset.matter && entry.state !== "done");
    const spot = row.querySelector("[data-unsent]");
    if (spot) spot.hidden = mine.length === 0;
  }
  const place = document.querySelector("[data-queue]");
  if (place) place.replaceChildren(...(entries.length ? entries.slice().reverse().map(line) : [element("li", "in n", word("queueEmpty"))]));
}

function pill(entries, underWay) {
  const at = document.querySelector("[data-sync]");
  if (!at) return;
  const failing = trouble();
  const waiting = entries.filter((entry) => entry.state === WAITING).length;
  const stuck = entries.filter((entry) => STUCK.includes(entry.state)).length;
  const last = entries.reduce((latest, entry) => Math.max(latest, entry.doneAt || 0), 0);
  let [picture, title, below] = [icon("cloud-check"), "", word("waiting", { n: waiting })];
  if (stuck) [picture, title] = [icon("alert-triangle"), word("stuck", { n: stuck })];
  else if (waiting && underWay) [picture, title] = [icon("cloud-upload"), word("sending")];
  else if (failing === "login") [picture, title] = [icon("login"), word("login")];
  else if (failing === "offline" || navigator.onLine === false || (waiting && failing)) [picture, title] = [icon("cloud-off"), word("offline")];
  else if (waiting) [picture, title] = [icon("device-mobile"), word("kept")];
  else title = last ? word("delivered", { time: clock(last) }) : word("synced");
  at.classList.toggle("off", waiting > 0 || stuck > 0 || failing !== "" || navigator.onLine === false);
  at.querySelector("use").setAttribute("href", picture);
  at.querySelector("b").textContent = title;
  at.querySelector("[data-count]").textContent = below;
  const strip = document.querySelector("[data-strip]");
  if (strip) {
    strip.hidden = !(waiting && failing);
    strip.querySelector("b").textContent = failing === "login" ? word("stripLogin") : word("stripOffline");
    strip.querySelector("span").textContent = word("stripKept", { n: waiting });
  }
}

function line(entry) {
  const states = {
    waiting: ["st medium", "device-mobile", word("stateWaiting")],
    done: ["st ok", "circle-check", word("stateDone", { time: clock(entry.doneAt || entry.at) })],
    conflict: ["st high", "alert-triangle", word("stateConflict")],
    refused: ["st high", "alert-triangle", word("stateRefused")],
  };
  const [look, picture, text] = states[entry.state] || states.waiting;
  const state = element("span", look);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ti");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", icon(picture));
  svg.append(use);
  state.append(svg, text);
  const name = element("b", "", entry.label || "");
  const told = entry.said && entry.said.title ? element("span", "n", entry.said.title) : null;
  const body = element("span", "grow", element("span", "l1", name, state), element("span", "n", clock(entry.at)), told);
  const made = element("li", "ln", body);
  if (STUCK.includes(entry.state)) {
    const link = element("a", "lk", word("look"));
    link.href = entry.page || "/m";
    const away = element("button", "lk", word("discard"));
    away.type = "button";
    away.addEventListener("click", () => window.confirm(word("discardSure")) && forget(entry.id));
    made.append(link, away);
  }
  return made;
}
