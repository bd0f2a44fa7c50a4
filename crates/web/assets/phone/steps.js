// A form one question at a time: large answers, a bar that says how far one is, and at the end all answers at a glance.
// The question stands in the address (#q-seen), so that the phone's own back button goes one question back.
import { element, word } from "./words.js";

/** The answers as they stand, by field. */
export function answersOf(form) {
  const answers = {};
  for (const question of form.querySelectorAll("[data-q]")) {
    if (question.dataset.off) continue;
    const name = question.dataset.q;
    const values = Array.from(form.querySelectorAll(`[name="${CSS.escape(name)}"]`))
      .filter((input) => input.type !== "file" && (!["radio", "checkbox"].includes(input.type) || input.checked))
      .map((input) => input.value.trim())
      .filter((value) => value !== "");
    if (question.dataset.many) answers[name] = values;
    else if (values.length) answers[name] = values[0];
  }
  return answers;
}

function holds(condition, answers) {
  if (condition.all) return condition.all.every((one) => holds(one, answers));
  if (condition.any) return condition.any.some((one) => holds(one, answers));
  if (condition.not) return !holds(condition.not, answers);
  const given = answers[condition.field];
  if (condition.least !== undefined) return given !== undefined && Number(given) >= condition.least;
  const values = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return values.some((value) => condition.is.includes(value));
}

/** Marks the questions that do not apply. What hangs on a hidden question is hidden too. */
export function apply(form) {
  const answers = {};
  for (const question of form.querySelectorAll("[data-q]")) {
    const rule = question.dataset.showWhen;
    if (rule && !holds(JSON.parse(rule), answers)) {
      question.dataset.off = "1";
      continue;
    }
    delete question.dataset.off;
    Object.assign(answers, one(form, question));
  }
}

function one(form, question) {
  const all = answersOf(form);
  return question.dataset.q in all ? { [question.dataset.q]: all[question.dataset.q] } : {};
}

/** What the answers must fulfil together and do not: the question to mend and what to say there. */
export function unmetOf(form) {
  apply(form);
  const answers = answersOf(form);
  return JSON.parse(form.dataset.needs || "[]").find((need) => holds(need.when, answers) && !holds(need.holds, answers));
}

/** What an answer says, for the page at the end. */
function said(question) {
  const chosen = Array.from(question.querySelectorAll("input:checked")).map((input) => input.dataset.says);
  const text = question.querySelector("textarea, input[type=number], input[type=date], input[type=text]");
  if (text) return text.value.trim();
  const photos = question.querySelectorAll(".got:not(.faulty)").length;
  if (question.querySelector("[data-photos]")) return photos ? word("photoCount", { n: photos }) : "";
  return chosen.join(word("comma"));
}

export function startSteps(form) {
  const all = Array.from(form.querySelectorAll("[data-q]"));
  const end = form.querySelector("[data-summary]");
  const bar = document.querySelector("[data-progress]");
  const [next, hand] = [document.querySelector("[data-next]"), document.querySelector("[data-hand-in]")];
  form.classList.add("steps");

  const shown = () => all.filter((question) => !question.dataset.off);
  // Where an address that names no question leads: the first one, until the form is resumed.
  let home = "";
  const placeOf = (key) => (key === "end" ? shown().length : shown().findIndex((question) => `q-${question.dataset.q}` === key));
  const at = () => {
    const place = placeOf(decodeURIComponent(location.hash.slice(1)));
    return place < 0 ? Math.max(0, placeOf(home)) : place;
  };
  const isAnswered = (question) => question.dataset.q in answersOf(form) && String(answersOf(form)[question.dataset.q]) !== "";

  function go(place) {
    const questions = shown();
    location.hash = keyOf(place, questions);
  }

  function keyOf(place, questions) {
    return place >= questions.length ? "end" : `q-${questions[Math.max(0, place)].dataset.q}`;
  }

  /** Opens where the person was. On another phone, which does not know: at the first question that needs an answer and has
   * none, since a later one may have been filled in from what is known. */
  function resume(key, isWritten) {
    home = key;
    if (placeOf(home) < 0 && isWritten) {
      const questions = shown();
      const open = questions.findIndex((question) => question.dataset.required && !isAnswered(question));
      home = keyOf(open < 0 ? questions.length : open, questions);
    }
    draw();
  }

  function draw() {
    apply(form);
    const questions = shown();
    const now = at();
    for (const question of all) question.classList.toggle("now", questions[now] === question);
    const isEnd = now >= questions.length;
    end.classList.toggle("now", isEnd);
    if (isEnd) summary(questions);
    const answered = questions.filter(isAnswered).length;
    if (bar) {
      bar.querySelector("progress").max = questions.length;
      bar.querySelector("progress").value = isEnd ? questions.length : now;
      bar.querySelector("span").textContent = isEnd
        ? word("answered", { n: answered, all: questions.length })
        : word(answered ? "question" : "questionFirst", { n: now + 1, all: questions.length });
    }
    next.hidden = isEnd;
    hand.hidden = !isEnd;
    named();
    window.scrollTo(0, 0);
  }

  /** What leads on is called by whether there is an answer: a picture comes in while the page stands. */
  function named() {
    const current = shown()[at()];
    const isOptional = current && !current.dataset.required;
    next.textContent = current && isOptional && !isAnswered(current) ? word("skip") : word("next");
  }

  function summary(questions) {
    const rows = questions.map((question) => {
      const link = element("a", "ln");
      link.href = `#q-${encodeURIComponent(question.dataset.q)}`;
      const text = said(question);
      const missing = !text && question.dataset.required;
      link.append(element("span", "grow", element("span", "n", question.dataset.says), element("b", missing ? "missing" : "", text || (missing ? word("missing") : word("none")))));
      link.append(element("span", "lk", word("change")));
      return element("li", "", link);
    });
    end.querySelector("ul").replaceChildren(...rows);
  }

  form.addEventListener("change", (event) => {
    apply(form);
    document.dispatchEvent(new CustomEvent("phone:changed"));
    const question = event.target.closest("[data-q]");
    for (const fault of question ? question.querySelectorAll(".fault") : []) fault.remove();
    // Another answer may have mended it.
    for (const fault of form.querySelectorAll(".fault[data-need]")) fault.remove();
    const unmet = unmetOf(form);
    if (unmet && question && unmet.field === question.dataset.q) {
      draw();
      return refuse(unmet);
    }
    // One tap answers a question with one answer.
    if (event.target.type === "radio" && event.isTrusted && !event.target.dataset.byKey) setTimeout(() => go(at() + 1), 180);
    else draw();
  });
  // Keys walk through radio buttons without leaving the question.
  form.addEventListener("keydown", (event) => {
    if (event.target.type === "radio" && event.key.startsWith("Arrow")) {
      for (const input of form.querySelectorAll(`[name="${CSS.escape(event.target.name)}"]`)) input.dataset.byKey = "1";
    }
  });
  form.addEventListener("input", () => document.dispatchEvent(new CustomEvent("phone:changed")));
  document.addEventListener("phone:changed", () => {
    apply(form);
    named();
  });
  // What is on record becomes an answer only by a tap of whoever stands there.
  for (const take of form.querySelectorAll("[data-take]")) {
    take.hidden = false;
    take.addEventListener("click", () => {
      const wanted = take.dataset.take.split(" ");
      const inputs = Array.from(take.closest("[data-q]").querySelectorAll("input[type=radio], input[type=checkbox]"));
      for (const input of inputs) input.checked = wanted.includes(input.value);
      if (inputs.length) inputs[0].dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  next.addEventListener("click", () => {
    const current = shown()[at()];
    if (current && current.dataset.required && !isAnswered(current)) return complain(current, word("missing"));
    const unmet = unmetOf(form);
    if (unmet && current && unmet.field === current.dataset.q) return refuse(unmet);
    go(at() + 1);
  });
  window.addEventListener("hashchange", () => {
    draw();
    document.dispatchEvent(new CustomEvent("phone:at", { detail: keyOf(at(), shown()) }));
  });
  const back = document.querySelector("[data-back]");
  if (back) {
    back.addEventListener("click", (event) => {
      if (at() === 0) return;
      event.preventDefault();
      go(at() - 1);
    });
  }
  const faulty = all.find((question) => question.querySelector(".fault"));
  if (faulty) location.replace(`#q-${encodeURIComponent(faulty.dataset.q)}`);
  draw();
  return { go, draw, complain, refuse, resume };

  function refuse(unmet) {
    const question = all.find((one) => one.dataset.q === unmet.field);
    if (!question) return;
    complain(question, unmet.message);
    question.querySelector(".fault").dataset.need = "1";
  }

  function complain(question, text) {
    let fault = question.querySelector(".fault");
    if (!fault) {
      fault = element("p", "fault");
      fault.setAttribute("role", "alert");
      question.append(fault);
    }
    fault.textContent = text;
    if (shown()[at()] !== question) location.hash = `q-${question.dataset.q}`;
  }
}
