// What the phone's pages do beyond plain forms: commands are queued until a receipt comes, a form shows one question at a
// time and keeps what is written, numbers and places are given after a recorded tap. Every form works without this script.
import { startDraft } from "./phone/draft.js";
import { startPhotos } from "./phone/photos.js";
import { again, enqueue, entryOf, flush, forget, saidOf, send, show, trouble } from "./phone/queue.js";
import { list, uuid } from "./phone/store.js";
import { answersOf, startSteps, unmetOf } from "./phone/steps.js";
import { element, word } from "./phone/words.js";

/** How long a page waits for a receipt before it says that the command is kept, in milliseconds. */
const PATIENCE = 9000;

/** The command of which the page says that it is kept, with its form; and those that were sent from this page. */
let waited = null;
const own = new Set();

/** Plain forms: a second tap sends nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  // What was done has been said.
  if (event.persisted) for (const said of document.querySelectorAll(".note.said")) said.remove();
});

/** Shows each [data-show-when="field=value value"] while the field has one of the values. */
function showParts() {
  for (const part of document.querySelectorAll("[data-show-when]:not([data-q])")) {
    const [field, values] = part.dataset.showWhen.split("=");
    const chosen = [...document.querySelectorAll(`[name="${CSS.escape(field)}"]:checked`)].map((input) => input.value);
    part.hidden = !values.split(" ").some((value) => chosen.includes(value));
  }
}
document.addEventListener("change", showParts);
showParts();

/** Puts a command into the queue, sends, and goes where its receipt leads; without one says that it is kept. */
async function command(form, answers, onRefusal) {
  const id = uuid();
  own.add(id);
  const isUnderWay = (value) => Array.isArray(value) && value.some((one) => String(one).startsWith("command:"));
  const needsPhotos = Object.values(answers || {}).some(isUnderWay);
  const entry = { id, kind: "command", path: "/m/commands", matter: form.dataset.matter, page: form.dataset.page, label: form.dataset.label, action: form.dataset.action, handsIn: form.hasAttribute("data-form"), needsPhotos };
  const asked = {
    command: id,
    device_time: Date.now(),
    matter: form.dataset.matter,
    action: form.dataset.action,
    form: form.dataset.formKey || null,
    base: JSON.parse(form.dataset.base),
    reason: reasonOf(form),
    answers,
  };
  await enqueue(entry, { command: asked });
  await Promise.race([flush(entry), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const now = await entryOf(id);
  if (now && now.state === "done") location.assign(now.said.location || form.dataset.page);
  else if (now && now.state === "conflict") conflict(now, form);
  else if (now && now.state === "refused" && onRefusal) {
    await forget(id);
    onRefusal(now.said);
  } else kept(form, now);
}

function reasonOf(form) {
  const chosen = form.querySelector("[name=reason]:checked");
  const more = form.querySelector("[name=more]");
  return [chosen ? chosen.dataset.says : "", more ? more.value.trim() : ""].filter(Boolean).join(word("comma")) || null;
}

/** In place of the page: nothing is lost, it is sent by itself. */
function kept(form, entry) {
  const login = trouble() === "login";
  const back = element("a", "b p", login ? word("toLogin") : word("toToday"));
  back.href = login ? `/log-in?next=${encodeURIComponent(form.dataset.page)}` : "/m";
  const title = element("h2", "", entry && entry.state === "refused" ? entry.said.title || word("stateRefused") : word("keptTitle"));
  const text = element("p", "", entry && entry.state === "refused" ? entry.said.next || "" : word("keptText"));
  const box = element("section", "card in kept", title, text, back);
  box.setAttribute("role", "status");
  document.querySelector("#main").replaceChildren(box);
  for (const dock of document.querySelectorAll(".dock, .shade, [data-progress]")) dock.remove();
  window.scrollTo(0, 0);
  waited = entry && entry.id && entry.state !== "refused" ? { id: entry.id, form } : null;
  turn();
}

/** The page that says "kept" says what came of it as soon as the server has answered, and never goes on saying it. */
async function turn() {
  if (!waited) return;
  const { id, form } = waited;
  const now = await entryOf(id).catch(() => null);
  if (!now || now.state === "waiting" || !waited || waited.id !== id) return;
  waited = null;
  if (now.state === "done") location.replace(now.said.location || form.dataset.page);
  else if (now.state === "conflict") conflict(now, form);
  else kept(form, now);
}

/** A list that still shows what has been delivered meanwhile is asked for anew, once nothing is under way. */
let isListOld = false;
document.addEventListener("phone:answered", (event) => {
  const { id, kind, matter } = event.detail;
  if (waited && waited.id === id) turn();
  else if (kind === "command" && !own.has(id) && document.querySelector(`[data-matter="${CSS.escape(matter)}"]:not(form)`)) isListOld = true;
});
document.addEventListener("phone:rest", () => isListOld && location.reload());

/** Both versions, and the person chooses. */
async function conflict(entry, form) {
  const said = await saidOf(entry);
  const rows = (said.rows || []).map((row) =>
    element("li", "", element("span", "n", row.label), element("div", "g2", element("p", "theirs", row.theirs || "—"), ...(row.mine ? [element("p", "mine", row.mine)] : []))),
  );
  const look = element("a", "b p", word("conflictLook"));
  look.href = said.location || form.dataset.page;
  look.addEventListener("click", async (event) => {
    // A page that is left takes what it has not written yet with it.
    event.preventDefault();
    await forget(entry.id).catch(() => undefined);
    location.assign(look.href);
  });
  const mine = element("button", "b o", word("conflictMine"));
  mine.type = "button";
  mine.hidden = !said.base;
  mine.addEventListener("click", async () => {
    await again(entry.id, said.base);
    const now = await entryOf(entry.id);
    if (now && now.state === "done") location.assign(now.said.location);
    else if (now && now.state === "conflict") conflict(now, form);
    else kept(form, now);
  });
  const head = element("div", "g2 n", element("b", "", word("conflictTheirs")), element("b", "", word("conflictOwn")));
  const box = element("section", "card in kept", element("h2", "", said.title || ""), element("p", "", said.next || ""), head, element("ul", "both", ...rows), look, mine);
  box.setAttribute("role", "alert");
  document.querySelector("#main").replaceChildren(box);
  for (const dock of document.querySelectorAll(".dock, .shade, [data-progress]")) dock.remove();
  window.scrollTo(0, 0);
}

/** The form of a check or visit. */
async function startForm(form) {
  const steps = startSteps(form);
  startPhotos(form);
  const draft = await startDraft(form, steps).catch(() => ({ end: async () => undefined }));
  steps.draw();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const answers = answersOf(form);
    const missing = Array.from(form.querySelectorAll("[data-q][data-required]:not([data-off])")).find((question) => {
      const given = answers[question.dataset.q];
      return given === undefined || given.length === 0;
    });
    if (missing) {
      delete form.dataset.sent;
      steps.complain(missing, word("missing"));
      return;
    }
    const unmet = unmetOf(form);
    if (unmet) {
      delete form.dataset.sent;
      steps.refuse(unmet);
      return;
    }
    await draft.end();
    await command(form, answers, (said) => {
      delete form.dataset.sent;
      const [name, text] = Object.entries(said.faults || {})[0] || [];
      const question = name && form.querySelector(`[data-q="${CSS.escape(name)}"]`);
      if (question) steps.complain(question, text);
      else kept(form, { state: "refused", said });
    });
  });
}

/** Forms of one tap: accept, return, danger. */
function startCommand(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    const fault = form.querySelector("[data-fault]");
    if (form.dataset.reasonMissing && !reasonOf(form)) {
      fault.textContent = form.dataset.reasonMissing;
      fault.hidden = false;
      fault.scrollIntoView({ block: "center" });
      return;
    }
    if (fault) fault.hidden = true;
    form.dataset.sent = "1";
    const answers = form.dataset.formKey ? answersOf(form) : null;
    await command(form, answers, (said) => {
      delete form.dataset.sent;
      const place = form.querySelector("[data-fault]");
      if (!place) return kept(form, { state: "refused", said });
      place.textContent = Object.values(said.faults || {})[0] || said.title || "";
      place.hidden = false;
    });
  });
}

/** A number to dial, a place to go to: given after the tap is on record. */
function startTap(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await send(form.getAttribute("action"), { method: "POST", body });
      const said = await answer.json();
      if (!answer.ok) throw new Error("refused");
      location.href = said.href;
    } catch (error) {
      HTMLFormElement.prototype.submit.call(form);
    }
  });
}

for (const form of document.querySelectorAll("form[data-form]")) startForm(form);
for (const form of document.querySelectorAll("form[data-command]")) startCommand(form);
for (const form of document.querySelectorAll("form[data-tap]")) startTap(form);

/** Back from the sheet to the question that one was at. */
for (const link of document.querySelectorAll("[data-shade-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}

/** A command that waits for the person is shown on its own page. */
async function showStuck() {
  const page = document.querySelector("[data-stuck]");
  if (!page) return;
  const stuck = (await list("queue").catch(() => [])).find((entry) => entry.matter === page.dataset.stuck && entry.state === "conflict");
  if (stuck) conflict(stuck, page);
}

window.addEventListener("online", () => flush());
window.addEventListener("offline", () => show());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
// What was answered to a command does not wait for pictures.
show()
  .then(() => flush({ kind: "command" }))
  .then(showStuck);

// Where a page cannot be loaded, the phone says so itself. Only a secure page may have a worker.
if ("serviceWorker" in navigator && window.isSecureContext) {
  const worker = navigator.serviceWorker;
  worker
    .register("/m/worker.js", { scope: "/m" })
    .then(() => worker.ready)
    // A page that was on its way while the worker began is nobody's: it asks to be taken.
    .then((of) => worker.controller || of.active?.postMessage("take"))
    .catch(() => undefined);
}
