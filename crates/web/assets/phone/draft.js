// What is being written is kept: on the server as a draft a moment after each change, and sealed on this phone until the
// server has it. A page that is opened again has all of it, whatever happened in between.
import { send } from "./queue.js";
import { bodyOf, drop, get, keep } from "./store.js";
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

export async function startDraft(form) {
  const id = `${form.dataset.matter}/${form.dataset.formKey}`;
  let version = Number(form.dataset.draftVersion);
  let timer = 0;
  let stopped = false;
  const said = document.querySelector("[data-draft-state]");
  const say = (text) => {
    if (said) said.textContent = text;
  };

  const kept = await get("draft", id).catch(() => null);
  if (kept && kept.at > Number(form.dataset.draftAt)) {
    fill(form, (await bodyOf(kept)).answers);
    say(word("draftRestored", { time: clock(kept.at) }));
  } else if (kept) await drop("draft", id);

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
  function remember(answers, at) {
    writing = writing.then(() => (stopped ? undefined : keep("draft", { id, at }, { answers }))).catch(() => undefined);
    return writing;
  }

  async function save() {
    if (stopped) return;
    const answers = plain(answersOf(form));
    const at = Date.now();
    await remember(answers, at);
    try {
      const body = JSON.stringify({ matter: form.dataset.matter, form: form.dataset.formKey, version, answers });
      const answer = await send(form.dataset.draft, { method: "POST", headers: { "content-type": "application/json" }, body });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        version = told.version;
        const now = await get("draft", id);
        if (now && now.at === at) await drop("draft", id);
        say(word("draftSaved", { time: clock(at) }));
      } else if (answer.status === 409) overtaken(told);
      else say(word("draftHere", { time: clock(at) }));
    } catch (error) {
      say(word("draftHere", { time: clock(at) }));
    }
  }

  /** The form was written elsewhere as well: the person chooses, nothing is overwritten. */
  function overtaken(told) {
    stopped = true;
    const theirs = element("button", "b o k", word("draftTheirs"));
    const mine = element("button", "b o k", word("draftMine"));
    theirs.type = mine.type = "button";
    const box = element("div", "note", element("div", "grow", element("b", "", told.title || ""), element("div", "g2", theirs, mine)));
    box.setAttribute("role", "alert");
    form.before(box);
    theirs.addEventListener("click", () => choose(told.answers));
    mine.addEventListener("click", () => choose(null));
    function choose(answers) {
      version = told.version;
      stopped = false;
      box.remove();
      if (answers) fill(form, answers);
      save();
    }
  }

  document.addEventListener("phone:changed", () => {
    remember(plain(answersOf(form)), Date.now());
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  return {
    /** The form is handed in, or waits in the queue: no draft any more. */
    async end() {
      stopped = true;
      clearTimeout(timer);
      await writing;
      await drop("draft", id).catch(() => undefined);
    },
  };
}
