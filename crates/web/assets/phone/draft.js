// What is being written is kept: on the server as a draft a moment after each change, and sealed on this phone until the
// server has it. A page that is opened again has all of it, at the question where the person was, whatever happened in
// between. Which of two states is the newer is told by the revision that the server gives to each state of a draft; the
// phone's clock may be wrong, so it is shown and never compared.
import { noted, send } from "./queue.js";
import { bodyOf, drop, get, keep, mark } from "./store.js";
import { answersOf, apply } from "./steps.js";
import { clock, element, word } from "./words.js";

/** How long after the last change a draft goes to the server, in milliseconds. */
const REST = 1500;

function fill(form, answers) {
  for (const question of form.querySelectorAll("[data-q]")) {
    const name = question.dataset.q;
    const given = answers[name];
    const values = Array.isArray(given) ? given : given === undefined ? [] : [given];
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
      else if (input.type !== "file" && input.type !== "hidden") input.value = values.length ? values[0] : "";
    }
  }
  apply(form);
}

/** Answers in one order, without those that say nothing. */
function ordered(answers) {
  const given = Object.entries(answers || {})
    .map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : String(value).trim()])
    .filter(([, value]) => value.length > 0);
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What becomes of words that the phone has kept, given the state of the draft that the page shows: the same are done with,
 * those that were typed upon just that state go on, and of any others the person decides. */
export function fateOf(kept, page) {
  if (ordered(kept.answers) === ordered(page.answers)) return "same";
  return kept.base === page.revision ? "newer" : "both";
}

export async function startDraft(form, steps) {
  const id = `${form.dataset.matter}/${form.dataset.formKey}`;
  const placeId = `${id}/place`;
  let version = Number(form.dataset.draftVersion);
  let revision = form.dataset.draftRevision;
  let timer = 0;
  let turn = 0;
  let stopped = false;
  const said = document.querySelector("[data-draft-state]");
  const say = (text) => {
    if (said) said.textContent = text;
  };

  function plain(answers) {
    // A photograph that is still under way is named by the queue, which keeps it; the draft waits for its receipt.
    const named = {};
    for (const [name, value] of Object.entries(answers)) {
      named[name] = Array.isArray(value) ? value.filter((one) => !String(one).startsWith("command:")) : value;
    }
    return named;
  }

  // What is typed goes to this phone at once, one write after the other: whoever leaves the page a moment later, by
  // whatever way, finds it again, and an older state never lies over a newer one.
  let writing = Promise.resolve();
  function remember(answers) {
    turn += 1;
    const entry = { id, at: Date.now(), base: revision, turn };
    writing = writing.then(() => (stopped ? undefined : keep("draft", entry, { answers }))).catch(() => undefined);
    return { ...entry, written: writing };
  }

  /** The server has the state of this entry. What was typed since stands upon what it has now. */
  async function taken(entry, told) {
    version = told.version;
    revision = told.revision;
    const now = await get("draft", id);
    if (now && now.turn === entry.turn) await drop("draft", id);
    else if (now) await mark("draft", id, { base: revision });
    say(word("draftSaved", { time: clock(entry.at) }));
  }

  async function save() {
    if (stopped) return;
    const answers = plain(answersOf(form));
    const entry = remember(answers);
    await entry.written;
    try {
      const body = JSON.stringify({ matter: form.dataset.matter, form: form.dataset.formKey, version, answers });
      const answer = await send(form.dataset.draft, { method: "POST", headers: { "content-type": "application/json" }, body });
      const told = await answer.json().catch(() => ({}));
      const isOver = answer.type === "opaqueredirect" || answer.status === 401;
      await noted(isOver ? "login" : "");
      if (answer.ok) await taken(entry, told);
      // What was sent before had arrived after all, only its receipt had not.
      else if (answer.status === 409 && ordered(told.answers) === ordered(answers)) await taken(entry, told);
      else if (answer.status === 409) {
        ask(told.title || "", (wantsTheirs) => {
          ({ version, revision } = told);
          if (wantsTheirs) fill(form, told.answers);
        });
      } else say(word("draftHere", { time: clock(entry.at) }));
    } catch (error) {
      say(word("draftHere", { time: clock(entry.at) }));
      await noted("offline");
    }
  }

  /** Two states of the form: the person chooses, and until then nothing is written over either. */
  function ask(title, choose) {
    stopped = true;
    const onwards = document.querySelectorAll("[data-next], [data-hand-in]");
    const hold = (isHeld) => {
      form.inert = isHeld;
      for (const button of onwards) button.disabled = isHeld;
    };
    hold(true);
    const theirs = element("button", "b o k", word("draftTheirs"));
    const mine = element("button", "b o k", word("draftMine"));
    theirs.type = mine.type = "button";
    const box = element("div", "note", element("div", "grow", element("b", "", title), element("div", "g2", theirs, mine)));
    box.setAttribute("role", "alert");
    form.before(box);
    const answer = (wantsTheirs) => {
      choose(wantsTheirs);
      stopped = false;
      hold(false);
      box.remove();
      steps.draw();
      save();
    };
    theirs.addEventListener("click", () => answer(true));
    mine.addEventListener("click", () => answer(false));
  }

  document.addEventListener("phone:changed", () => {
    if (stopped) return;
    remember(plain(answersOf(form)));
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  document.addEventListener("phone:at", (event) => {
    keep("draft", { id: placeId, at: Date.now(), place: event.detail }, {}).catch(() => undefined);
  });

  const place = await get("draft", placeId).catch(() => null);
  const kept = await get("draft", id).catch(() => null);
  if (kept) {
    const { answers } = await bodyOf(kept);
    const fate = fateOf({ answers, base: kept.base }, { answers: plain(answersOf(form)), revision });
    if (fate === "same") await drop("draft", id);
    else if (fate === "newer") {
      fill(form, answers);
      say(word("draftRestored", { time: clock(kept.at) }));
      timer = setTimeout(save, REST);
    } else ask(word("draftBoth"), (wantsTheirs) => wantsTheirs || fill(form, answers));
  }
  steps.resume(place ? place.place : "", version > 0 || Boolean(kept));

  return {
    /** The form is handed in, or waits in the queue: no draft any more. */
    async end() {
      stopped = true;
      clearTimeout(timer);
      await writing;
      for (const one of [id, placeId]) await drop("draft", one).catch(() => undefined);
    },
  };
}
