// What the phone's pages do beyond plain forms: a second tap sends nothing, and parts of a form show when they apply.
// Every form works without this script.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/** Shows each [data-show-when="field=value value"] while the field has one of the values. */
function showParts() {
  for (const part of document.querySelectorAll("[data-show-when]")) {
    const [field, values] = part.dataset.showWhen.split("=");
    const chosen = [...document.querySelectorAll(`[name="${CSS.escape(field)}"]:checked`)].map((input) => input.value);
    part.hidden = !values.split(" ").some((value) => chosen.includes(value));
  }
}
document.addEventListener("change", showParts);
showParts();
