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

// A second click on the same button sends nothing: the form is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "1";
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
