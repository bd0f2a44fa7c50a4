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
  tally(form);
}

/** Counts the points that are chosen, and says them and the level that they come to wherever the page says them. */
function tally(form) {
  const score = form.querySelector("[data-score]");
  if (!score) return;
  const chosen = [...form.querySelectorAll("[data-points]:checked")].filter((input) => !input.closest("[hidden]"));
  const points = chosen.reduce((sum, input) => sum + Number(input.dataset.points), 0);
  const levels = JSON.parse(score.dataset.levels);
  const level = levels.filter(([from]) => points >= from).pop() ?? levels[0];
  for (const place of document.querySelectorAll("[data-score]")) {
    const said = place.textContent.replace(/-?\d+/, String(points));
    if (said === place.textContent) continue;
    place.textContent = said;
    // The scale was drawn by the server for the points of then.
    for (const scale of document.querySelectorAll("[data-scale]")) scale.hidden = true;
  }
  for (const place of document.querySelectorAll("[data-level]")) {
    place.textContent = level[1];
    place.className = `badge st ${level[2]}`;
  }
}

/** What stands in a sheet now, without files: those nobody can put back. */
const typedIn = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && /^(f-|pick|level|reason)/.test(name));

/** From what sheet something was typed: what was typed over another draft, or by another session, is not put back. What
 * else was done with the matter meanwhile, a referral that was sent, takes nothing of it. */
const pageOf = (form) => [form.elements._token.value.split(".")[0], form.elements.draft_version.value].join(" ");

function fill(form, typed) {
  for (const field of form.elements) {
    if (!/^(f-|pick|level|reason)/.test(field.name) || field.type === "file") continue;
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

// What was typed and not saved stays in this tab until it is: a referral, a picture or another form on the page loads it
// anew. Whoever leaves for another page is asked first.
let isCarried = false;
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href]");
  isCarried = Boolean(link) && link.pathname === location.pathname;
});
document.addEventListener("submit", () => (isCarried = true));

/** Under which name it stands which sheet was sent last; and what precedes the name of each sheet. */
const SENT = "sent";
const SHEET = "sheet:";

/** Nothing is kept for longer than it is wanted: what was taken goes, also where the next page has no such form any more,
 * and so does what another person typed in this tab. */
function tidy() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector(".sw-said")) sessionStorage.removeItem(sent);
  const token = document.querySelector(".sw-menu [name=_token]");
  if (!token) return;
  const owner = token.value.split(".")[0];
  for (const name of Object.keys(sessionStorage).filter((name) => name.startsWith(SHEET))) {
    const { page } = JSON.parse(sessionStorage.getItem(name));
    if (page.split(" ")[0] !== owner) sessionStorage.removeItem(name);
  }
}
tidy();

function keep(form) {
  const name = `${SHEET}${form.dataset.keep}`;
  const before = JSON.stringify(typedIn(form));
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
  if (kept && kept.page === pageOf(form) && JSON.stringify(kept.typed) !== before) {
    fill(form, kept.typed);
    const said = document.createElement("div");
    said.className = "sw-alert medium";
    said.setAttribute("role", "status");
    said.dataset.kept = "";
    said.textContent = form.dataset.sayKept;
    form.before(said);
  } else if (kept) sessionStorage.removeItem(name);
  const note = () => {
    const typed = typedIn(form);
    if (JSON.stringify(typed) === before) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify({ page: pageOf(form), typed }));
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  let isSent = false;
  form.addEventListener("submit", () => {
    isSent = true;
    sessionStorage.setItem(SENT, name);
  });
  window.addEventListener("beforeunload", (event) => {
    const hasFiles = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);
    const isTyped = JSON.stringify(typedIn(form)) !== before;
    if (!isSent && (hasFiles || (isTyped && !isCarried))) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (isSent = false));
}

for (const form of document.querySelectorAll("form[data-sheet]")) {
  if (form.dataset.keep) keep(form);
  refresh(form);
  form.addEventListener("change", () => refresh(form));
  form.addEventListener("input", () => count(form));
}
// What one person typed is not for the next at this machine.
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.closest(".sw-menu")) sessionStorage.clear();
});
