/**
 * One group of safety questions at a time. "No to all of these" answers what is still open: a given "yes" stays a yes.
 *
 * Without this script the page is one long form that works the same.
 */
const KEPT = "stride-safety";

/** @param {HTMLFormElement} form */
export function connect(form) {
  const groups = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".card")]);
  const words = /** @type {HTMLElement} */ (form.querySelector(".steps__words"));
  const line = /** @type {SVGRectElement} */ (form.querySelector(".steps__line .progress-bar__done"));
  const submit = /** @type {HTMLButtonElement} */ (form.querySelector("[data-last]"));
  const lead = /** @type {HTMLElement | null} */ (document.querySelector("[data-first-only]"));
  const wrong = groups.findIndex((group) => group.querySelector(".choices--wrong"));
  recall(form, wrong >= 0);

  /** @param {number} index @param {boolean} [focus] */
  function show(index, focus = true) {
    groups.forEach((group, at) => { group.hidden = at !== index; });
    words.textContent = `Part ${index + 1} of ${groups.length}`;
    line.setAttribute("width", String(index + 1));
    submit.hidden = index < groups.length - 1;
    if (lead) lead.hidden = index > 0;
    if (!focus) return;
    scrollTo(0, 0);
    const title = /** @type {HTMLElement} */ (groups[index].querySelector("h2"));
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }

  /** @param {number} index */
  function forward(index) {
    const open = groups[index].querySelectorAll("fieldset");
    for (const field of open) {
      if (!field.querySelector("input:checked")) return complain(field);
    }
    if (index === groups.length - 1) { form.requestSubmit(submit); return; }
    history.pushState({ part: index + 1 }, "");
    show(index + 1);
  }

  for (const [index, group] of groups.entries()) {
    for (const button of group.querySelectorAll("[data-no-to-all], [data-next]")) {
      /** @type {HTMLElement} */ (button).hidden = button.matches("[data-next]") && index === groups.length - 1;
      button.addEventListener("click", () => {
        if (button.matches("[data-no-to-all]")) noToTheRest(group);
        forward(index);
      });
    }
  }
  /** @type {HTMLElement} */ (form.querySelector(".steps")).hidden = false;
  form.addEventListener("change", (event) => {
    /** @type {HTMLElement} */ (event.target).closest("fieldset")?.querySelector(".field__error")?.remove();
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(/** @type {any} */ (new FormData(form)))));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
  addEventListener("popstate", (event) => show(Math.min(event.state?.part ?? 0, groups.length - 1)));
  show(Math.max(wrong, 0), false);
}

/** @param {HTMLElement} group */
function noToTheRest(group) {
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll('input[type="radio"][value="no"]'))) {
    if (!group.querySelector(`input[name="${radio.name}"]:checked`)) radio.checked = true;
  }
}

/** @param {HTMLFieldSetElement} field */
function complain(field) {
  if (!field.querySelector(".field__error")) {
    const error = document.createElement("p");
    error.className = "field__error";
    error.setAttribute("role", "alert");
    error.textContent = "Please answer this one, or choose skip.";
    field.querySelector(".answers")?.before(error);
  }
  field.scrollIntoView({ block: "center" });
  field.querySelector("input")?.focus({ preventScroll: true });
}

/** After a reload the answers of this tab come back. @param {HTMLFormElement} form @param {boolean} refused the server's own copy is newer */
function recall(form, refused) {
  if (refused) return;
  const kept = /** @type {Record<string, string>} */ (JSON.parse(sessionStorage.getItem(KEPT) ?? "{}"));
  for (const [name, value] of Object.entries(kept)) {
    const radio = /** @type {HTMLInputElement | null} */ (form.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`));
    if (radio) radio.checked = true;
  }
}
