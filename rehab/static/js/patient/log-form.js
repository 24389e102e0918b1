/**
 * A whole session in one form: done as planned, partly, not at all, on another day, or a correction of an earlier one.
 */
import * as outbox from "/static/js/offline/outbox.js";
import { dayChoice } from "/static/js/patient/day-choice.js";
import { chosen, complain, details, h, note, scale, settleField, text } from "/static/js/patient/dom.js";
import { asDone, asLeftOut, exerciseSession, mainExercises } from "/static/js/patient/records.js";
import * as saved from "/static/js/patient/saved.js";

const HEADS = /** @type {Record<string, string>} */ ({ done: "Done as planned", partly: "Part of it", skipped: "Not today" });
const REASONS = [["hurt", "It hurt"], ["no-time", "No time"], ["resting", "Resting on purpose"], ["away", "Away"], ["unwell", "Not well"], ["other", "Something else"]];

/**
 * @param {{show: (...children: any[]) => void}} page
 * @param {Record<string, any>} plan
 * @param {string} status done, partly or skipped
 * @param {outbox.LogRecord | null} original the record to correct
 */
export function start(page, plan, status, original) {
  const form = h("form.stack", { novalidate: true },
    h("h1", {}, original ? "Change this session" : HEADS[status]),
    original && statusChoice(page, plan, status, original),
    status === "skipped" ? reasons(original) : scale("pain_worst", "Worst pain during the session", { value: original?.pain_nprs_worst }),
    status === "partly" && exercises(plan, original),
    details("More, if you like", !original && dayChoice(),
      status !== "skipped" && [
        scale("pain_before", "Pain before", { value: original?.pain_nprs_before }), scale("pain_after", "Pain after", { value: original?.pain_nprs_after }),
        scale("effort", "How hard was it?", { value: original?.effort_cr10, low: "no effort", high: "the hardest ever" }),
      ],
      note("note", "Note", original?.note)),
    h("div.session__controls", {}, h("button.button.button--primary.button--wide", { type: "submit" }, h("span", {}, "Save"))));
  form.addEventListener("change", (/** @type {Event} */ event) => {
    const field = /** @type {HTMLElement} */ (event.target).closest("fieldset");
    if (field) settleField(field);
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    save(page, plan, status, original, form);
  });
  page.show(form);
}

/** @param {any} page @param {Record<string, any>} plan @param {string} status @param {outbox.LogRecord} original */
function statusChoice(page, plan, status, original) {
  return h("fieldset.field", {}, h("legend.field__label", {}, "What was done?"),
    h("div.answers", {}, Object.entries(HEADS).map(([key, words]) => h("label.answer", {},
      h("input", { type: "radio", name: "status", value: key, checked: key === status, onchange: () => start(page, plan, key, original) }),
      h("span", {}, words)))));
}

/** @param {outbox.LogRecord | null} original */
function reasons(original) {
  return h("fieldset.field", { id: "reason" }, h("legend.field__label", {}, "What was in the way?"),
    h("div.choices__list", {}, REASONS.map(([value, words]) => h("div.choice", {},
      h("input.choice__input", { type: "radio", id: `reason-${value}`, name: "reason", value, checked: original?.skip_reason === value }),
      h("label.choice__label", { for: `reason-${value}` }, words)))));
}

/** @param {Record<string, any>} plan @param {outbox.LogRecord | null} original */
function exercises(plan, original) {
  const before = new Map((original?.exercises ?? []).map((/** @type {any} */ result) => [result.exercise, result.done]));
  return h("fieldset.field", { id: "exercises" }, h("legend.field__label", {}, "Which ones did you do?"),
    h("div.choices__list", {}, mainExercises(plan).map((/** @type {any} */ exercise) => h("div.choice", {},
      h("input.choice__input", { type: "checkbox", id: `did-${exercise.slug}`, name: "exercise", value: exercise.slug, checked: before.get(exercise.slug) ?? false }),
      h("label.choice__label", { for: `did-${exercise.slug}` }, exercise.name)))));
}

/** @param {any} page @param {Record<string, any>} plan @param {string} status @param {outbox.LogRecord | null} original @param {HTMLFormElement} form */
async function save(page, plan, status, original, form) {
  const say = (/** @type {string} */ id, /** @type {string} */ words) => complain(/** @type {HTMLElement} */ (form.querySelector(`#${id}`)), words);
  const reason = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=reason]:checked"))?.value ?? null;
  const ticked = new Set([...form.querySelectorAll("input[name=exercise]:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value));
  if (status === "skipped" && !reason) return say("reason", "Please choose one.");
  if (status !== "skipped" && chosen(form, "pain_worst") === null) return say("pain_worst", "Tap a number. 0 means no pain.");
  if (status === "partly" && !ticked.size) return say("exercises", "Tick what you did.");
  /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]")).disabled = true;
  const did = status === "done" && original?.status === "done" ? original.exercises
    : mainExercises(plan).map((/** @type {any} */ exercise) => (
      status === "done" || ticked.has(exercise.slug) ? asDone(exercise) : asLeftOut(exercise, reason ?? "left-out")));
  const said = {
    status, skip_reason: status === "skipped" ? reason : null, pain_nprs_before: chosen(form, "pain_before"),
    pain_nprs_worst: chosen(form, "pain_worst"), pain_nprs_after: chosen(form, "pain_after"), effort_cr10: chosen(form, "effort"),
    note: text(form, "note"), exercises: status === "skipped" ? [] : did, ...chosenDay(form),
  };
  await saved.keep(plan.account_id, exerciseSession(plan, said, original ?? undefined));
  return page.show(...saved.words(plan, said));
}

/** @param {HTMLFormElement} form */
function chosenDay(form) {
  const day = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (form.querySelector("[name=performed_on]"))?.value;
  return day ? { performed_on: day } : {};
}
