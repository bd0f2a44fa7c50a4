// What the desks do beyond plain links and forms: htmx with safe settings, and keys in dense tables.
// Every form works without this script.
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  historyCacheSize: 0,
  refreshOnHistoryMiss: false,
  historyRestoreAsHxRequest: false,
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  attributesToSettle: ["class", "width", "height"],
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "(409|422)", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
});

/** The rows that keys walk over: those of the page's main table. */
const rows = () => [...document.querySelectorAll("[data-keys] tbody tr[data-row]")];

function move(step) {
  const list = rows();
  if (list.length === 0) return;
  const now = list.findIndex((row) => row.classList.contains("on"));
  const next = Math.max(0, Math.min(list.length - 1, now < 0 ? 0 : now + step));
  list.forEach((row, index) => row.classList.toggle("on", index === next));
  const link = list[next].querySelector("a");
  if (link) link.focus();
}

function press(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof HTMLElement && target.closest("input, textarea, select")) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x") document.querySelector("[data-keys] tr.on input[type=checkbox]")?.click();
  else if (event.key === "/") document.querySelector("[data-key-focus]")?.focus();
  else if (named instanceof HTMLElement) named.click();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", press);

// On a narrow screen steps, views and the rail are wider than the page: where one is, is brought into sight.
for (const [around, what] of [[".sw-scroll", "[aria-current=step]"], [".in-views", "[aria-current=page]"], [".sw-rail", "[aria-current=page]"]]) {
  const present = document.querySelector(`${around} ${what}`);
  const row = present?.closest(around);
  if (!row || row.scrollWidth <= row.clientWidth) continue;
  const [inner, outer] = [present.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

// A second click on the same button sends nothing: the form is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "1";
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  // What was done has been said.
  if (event.persisted) for (const said of document.querySelectorAll(".sw-said")) said.remove();
});

/** Whether a condition of a form's field holds for what is chosen in it now. */
function holds(condition, form) {
  if (typeof condition !== "object") return Boolean(condition);
  if (condition.all) return condition.all.every((one) => holds(one, form));
  if (condition.any) return condition.any.some((one) => holds(one, form));
  if (condition.not !== undefined) return !holds(condition.not, form);
  const [key] = condition.is ?? condition.least;
  const inputs = [...form.querySelectorAll(`[name="f-${CSS.escape(key)}"]`)];
  const shown = inputs.filter((input) => !input.closest("[hidden]"));
  if (condition.least) return shown.some((input) => input.value !== "" && Number(input.value) >= condition.least[1]);
  const chosen = shown.filter((input) => input.checked || input.tagName === "SELECT").map((input) => input.value);
  return chosen.some((value) => condition.is[1].includes(value));
}

/** Whether a question has an answer. */
function isAnswered(question) {
  const inputs = [...question.querySelectorAll("input, select, textarea")];
  return inputs.some((input) => (["radio", "checkbox"].includes(input.type) ? input.checked : input.value.trim() !== ""));
}

/** Says how far the form is: how many required answers are missing, and how many questions of each section are answered. */
function count(form) {
  const shown = [...form.querySelectorAll(".pn-q:not([hidden])")];
  const far = (questions) => `${questions.filter(isAnswered).length} / ${questions.length}`;
  for (const place of document.querySelectorAll("[data-far]")) {
    const section = place.dataset.far;
    if (section && !form.querySelector(`#${CSS.escape(section)}`)) continue;
    place.textContent = far(section ? shown.filter((question) => question.closest(".pn-section").id === section) : shown);
  }
  const missing = form.querySelector("[data-missing]");
  const left = shown.filter((question) => "required" in question.dataset && !isAnswered(question)).length;
  if (!missing) return;
  missing.textContent = missing.textContent.replace(/\d+/, String(left));
  missing.hidden = left === 0;
}

/** Lets fields come and go with the answers they hang on, and counts points. The server decides both again. */
function refresh(form) {
  for (const field of form.querySelectorAll("[data-show]")) {
    field.hidden = !holds(JSON.parse(field.dataset.show), form);
    field.classList.remove("off");
  }
  count(form);
  const score = form.querySelector("[data-score]");
  if (!score) return;
  const chosen = [...form.querySelectorAll("[data-points]:checked")].filter((input) => !input.closest("[hidden]"));
  const points = chosen.reduce((sum, input) => sum + Number(input.dataset.points), 0);
  score.textContent = score.textContent.replace(/-?\d+/, String(points));
}

for (const form of document.querySelectorAll("form[data-sheet]")) {
  refresh(form);
  form.addEventListener("change", () => refresh(form));
  form.addEventListener("input", () => count(form));
}
