// What the pages do when a browser runs scripts. Everything works without this file too.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js?v=6.6.0";

initAll();

// A fragment that htmx brings needs the same care as a whole page: its components start, and focus goes to
// the problem, or back to the control that was used when the swap replaced it. <details id> that was open stays open.
let focusWas = null;
let openWere = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  focusWas = document.activeElement?.id || null;
  openWere = [...event.detail.target.querySelectorAll("details[id][open]")].map((one) => one.id);
});

document.addEventListener("htmx:load", (event) => {
  const fragment = event.detail.elt;
  if (fragment === document.body) return;
  initAll({ scope: fragment });
  openWere.forEach((id) => fragment.querySelector(`details#${id}`)?.setAttribute("open", ""));

  const summary = fragment.matches(".govuk-error-summary") ? fragment : fragment.querySelector(".govuk-error-summary");
  if (summary) {
    summary.setAttribute("tabindex", "-1");
    summary.focus();
    return;
  }
  if (focusWas && document.activeElement === document.body) document.getElementById(focusWas)?.focus();
});

// <form data-prevent-double-click>: the second press of an impatient thumb sends nothing.
const RESTS_FOR = 3000;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-prevent-double-click]");
  if (!form) return;
  if (Date.now() - Number(form.dataset.sentAt || 0) < RESTS_FOR) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  form.dataset.sentAt = Date.now();
}, true);

const rested = (form) => form?.removeAttribute?.("data-sent-at");
document.addEventListener("htmx:afterRequest", (event) => rested(event.detail.elt));
window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent-at]").forEach(rested));

// A filter is open where there is room beside the results, and folded away where it would push them down.
const roomy = window.matchMedia("(min-width: 1020px)");
const folds = (root) => root.querySelectorAll("details.hubs-filter__fold");
const fold = (one) => { one.open = roomy.matches || !!one.querySelector(".govuk-form-group--error"); one.dataset.ready = ""; };
folds(document).forEach(fold);
roomy.addEventListener("change", () => folds(document).forEach(fold));
document.addEventListener("htmx:load", (event) => folds(event.detail.elt).forEach(fold));
document.addEventListener("htmx:afterRequest", (event) => {
  if (roomy.matches || !event.detail.successful || !event.detail.elt.matches("form.hubs-filter")) return;
  folds(event.detail.elt).forEach((one) => { fold(one); one.querySelector("summary").focus(); });
});

// <button data-print>, which stays hidden where scripts do not run.
const showPrint = (root) => root.querySelectorAll("[data-print][hidden]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
document.addEventListener("htmx:load", (event) => showPrint(event.detail.elt));
showPrint(document);

// <button data-insert="((session))" data-into="text">: puts a field where the cursor was, or at the end of a part.
let typedIn = null;
const showInsert = (root) => root.querySelectorAll("[data-insert][hidden]").forEach((button) => { button.hidden = false; });
document.addEventListener("focusin", (event) => { if (event.target.closest("#words") && event.target.matches("input[type=text], textarea")) typedIn = event.target; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const form = document.getElementById("words");
  const part = button.dataset.into ? form.elements[button.dataset.into] : typedIn || form.elements.body;
  const from = part === typedIn ? part.selectionStart : part.value.length;
  part.setRangeText(button.dataset.insert, from, part === typedIn ? part.selectionEnd : from, "end");
  part.dispatchEvent(new Event("input", { bubbles: true }));
  part.focus();
});
showInsert(document);
