/**
 * The guided session: pain before, one exercise at a time, worst pain and pain after. A half-finished one survives a closed tab.
 */
import * as plans from "/static/js/offline/plan-store.js";
import { dose, isoDay } from "/static/js/patient/days.js";
import { button, chosen, complain, details, figure, h, note, scale, settleField, text } from "/static/js/patient/dom.js";
import { move } from "/static/js/patient/figure-motion.js";
import * as gate from "/static/js/patient/gate.js";
import { asDone, asLeftOut, exerciseSession, mainExercises } from "/static/js/patient/records.js";
import * as saved from "/static/js/patient/saved.js";
import { isQuiet, setQuiet, timer } from "/static/js/patient/timer.js";

const DRAFT = "session";
const DRAFT_LIVES_MS = 6 * 3600000;

/** @typedef {{show: (...children: any[]) => void}} Page */
/** @typedef {{before: number | null, results: Record<string, any>[], stopped: boolean, at: number, day: string, plan_id: string}} Draft */

/** @param {Page} page @param {Record<string, any>} plan */
export async function start(page, plan) {
  const old = /** @type {Draft | null} */ (await plans.draft(DRAFT, plan.account_id));
  if (old && old.plan_id === plan.plan_id && old.day === isoDay(new Date()) && Date.now() - old.at < DRAFT_LIVES_MS && plan.block === "none") {
    return offerDraft(page, plan, old);
  }
  return begin(page, plan);
}

/** @param {Page} page @param {Record<string, any>} plan @param {Draft} old */
function offerDraft(page, plan, old) {
  page.show(
    h("h1", {}, "Go on where you stopped?"),
    h("p.lead", {}, `${old.results.length} of ${mainExercises(plan).length} exercises are noted from before.`),
    h("div.session__controls", {},
      button("Go on", () => next(page, plan, old), { wide: true, picture: "play" }),
      button("Start again", () => begin(page, plan), { kind: "quiet", wide: true })),
  );
}

/** @param {Page} page @param {Record<string, any>} plan */
function begin(page, plan) {
  gate.ask(plan, { show: page.show, passed: async () => before(page, await plans.load() ?? plan) });
}

/** @param {Page} page @param {Record<string, any>} plan */
function before(page, plan) {
  /** @type {Draft} */
  const draft = { before: null, results: [], stopped: false, at: Date.now(), day: isoDay(new Date()), plan_id: plan.plan_id };
  const form = h("form.stack", { novalidate: true },
    h("h1", {}, "Before you start"),
    scale("pain_before", "How much does it hurt right now?", { onchange: (value) => { draft.before = value; } }),
    h("div.session__controls", {}, h("button.button.button--primary.button--wide", { type: "submit" }, h("span", {}, "Next"))));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (draft.before === null) return complain(/** @type {HTMLElement} */ (document.getElementById("pain_before")), "Tap a number. 0 means no pain.");
    return draft.before > plan.stop_rules.pain_acceptable_max ? highBefore(page, plan, draft) : next(page, plan, draft);
  });
  form.addEventListener("change", () => settleField(/** @type {HTMLElement} */ (document.getElementById("pain_before"))));
  page.show(form);
}

/** @param {Page} page @param {Record<string, any>} plan @param {Draft} draft */
function highBefore(page, plan, draft) {
  page.show(
    h("h1", {}, `${draft.before} is a lot today`),
    h("p.lead", {}, `Above ${plan.stop_rules.pain_acceptable_max} is too much for exercise. Rest a while, walk a little if that feels good, and try again later or tomorrow.`),
    h("div.session__controls", {},
      button("Leave it for today", () => finish(page, plan, { status: "skipped", skip_reason: "hurt", pain_nprs_before: draft.before }), { wide: true }),
      button("It has eased, ask me again", () => before(page, plan), { kind: "secondary", wide: true })),
  );
}

/** @param {Page} page @param {Record<string, any>} plan @param {Draft} draft */
async function next(page, plan, draft) {
  draft.at = Date.now();
  await plans.keepDraft(DRAFT, plan.account_id, draft);
  const exercise = mainExercises(plan)[draft.results.length];
  return exercise && !draft.stopped ? showExercise(page, plan, draft, exercise) : after(page, plan, draft);
}

/** @param {Page} page @param {Record<string, any>} plan @param {Draft} draft @param {Record<string, any>} exercise */
function showExercise(page, plan, draft, exercise) {
  const number = draft.results.length + 1;
  const of = mainExercises(plan).length;
  const go = (/** @type {Record<string, any>} */ result) => { clock?.stop(); draft.results.push(result); return next(page, plan, draft); };
  const clock = timer(exercise, () => { pace.hidden = true; done.focus(); });
  const pace = clock ? button("Start the timer", () => toggle(), { kind: "secondary", wide: true, picture: "play" }) : h("span");
  const done = button("Done", () => go(asDone(exercise)), { wide: true, picture: "check" });
  function toggle() {
    if (clock?.running()) clock.stop(); else clock?.start();
    pace.lastElementChild.textContent = clock?.running() ? "Pause" : "Go on";
  }
  const sound = button(isQuiet() ? "Sound is off" : "Sound is on", () => {
    setQuiet(!isQuiet());
    sound.lastElementChild.textContent = isQuiet() ? "Sound is off" : "Sound is on";
  }, { kind: "quiet", picture: "bell" });
  page.show(
    h("p.soft", {}, `Exercise ${number} of ${of}`), progress(number - 1, of),
    exercise.figure && h("div.session__figure", {}, moving(exercise.figure)),
    h("h1.session__name", {}, exercise.name),
    h("p.session__dose", {}, dose(exercise), exercise.side === "each" && ", each side"),
    h("ul.session__cues", {}, exercise.cues.map((/** @type {string} */ cue) => h("li", {}, cue))),
    clock?.element,
    (exercise.errors.length || exercise.modifications.length) && details("Watch out, and easier ways",
      exercise.errors.length && h("ul", {}, exercise.errors.map((/** @type {string} */ line) => h("li", {}, line))),
      exercise.modifications.length && h("ul", {}, exercise.modifications.map((/** @type {string} */ line) => h("li", {}, line)))),
    h("div.session__controls", {}, pace, done,
      h("div.split", {}, button("Not this one", () => leaveOut(page, plan, draft, exercise, go), { kind: "quiet" }), clock && sound)),
  );
}

/** @param {string} svg */
function moving(svg) {
  const drawing = figure(svg);
  if (drawing) requestAnimationFrame(() => move(drawing));
  return drawing;
}

/** @param {number} value @param {number} of */
function progress(value, of) {
  return h("progress.session__progress", { value, max: of, "aria-label": "How far you are" });
}

const WHY = [["hurts", "It hurts"], ["too-hard", "Too hard"], ["no-time", "No time"], ["no-equipment", "Cannot do it here"], ["other", "Something else"]];

/**
 * @param {Page} page @param {Record<string, any>} plan @param {Draft} draft
 * @param {Record<string, any>} exercise @param {(result: Record<string, any>) => unknown} go
 */
function leaveOut(page, plan, draft, exercise, go) {
  const max = plan.stop_rules.pain_acceptable_max;
  page.show(
    h("h1", {}, `Leave out ${exercise.name}?`), h("p.lead", {}, "Why?"),
    h("div.stack", {}, WHY.map(([reason, words]) => button(words, () => (
      reason === "hurts" ? howMuch(page, plan, draft, exercise, go) : go(asLeftOut(exercise, reason))
    ), { kind: "secondary", wide: true }))),
    h("p.soft", {}, `Up to ${max} is fine if it has settled by the next morning.`),
    h("div.session__controls", {}, button("Back to the exercise", () => showExercise(page, plan, draft, exercise), { kind: "quiet", wide: true })),
  );
}

/**
 * @param {Page} page @param {Record<string, any>} plan @param {Draft} draft
 * @param {Record<string, any>} exercise @param {(result: Record<string, any>) => unknown} go
 */
function howMuch(page, plan, draft, exercise, go) {
  const max = plan.stop_rules.pain_acceptable_max;
  page.show(
    h("h1", {}, "How much did it hurt?"),
    scale("pain_now", "Pain while doing it", { onchange: (value) => {
      if (value <= max) return go(asLeftOut(exercise, "hurts"));
      draft.stopped = true;
      return page.show(h("h1", {}, "Stop here for today"),
        h("p.lead", {}, `Above ${max} is too much. Stopping now is the right thing. Rest, walk a little if it feels good, and see how the next morning is.`),
        h("div.session__controls", {}, button("Next", () => go(asLeftOut(exercise, "hurts")), { wide: true })));
    } }),
  );
}

/** @param {Page} page @param {Record<string, any>} plan @param {Draft} draft */
function after(page, plan, draft) {
  const did = draft.results.filter((result) => result.done).length;
  const rest = mainExercises(plan).slice(draft.results.length).map((/** @type {any} */ exercise) => asLeftOut(exercise, "stopped"));
  const form = h("form.stack", { novalidate: true },
    h("h1", {}, did ? "Well done" : "How was it?"),
    scale("pain_worst", "Worst pain during the session"), scale("pain_after", "Pain now"),
    details("How hard was it? A note?",
      scale("effort", "How hard was it?", { low: "no effort", high: "the hardest ever" }), note("note", "Note")),
    h("div.session__controls", {}, h("button.button.button--primary.button--wide", { type: "submit" }, h("span", {}, "Save"))));
  form.addEventListener("change", (/** @type {Event} */ event) => {
    const field = /** @type {HTMLElement} */ (event.target).closest("fieldset");
    if (field) settleField(field);
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    for (const name of ["pain_worst", "pain_after"]) {
      if (chosen(form, name) === null) return complain(/** @type {HTMLElement} */ (document.getElementById(name)), "Tap a number. 0 means no pain.");
    }
    /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]")).disabled = true;
    const all = did === mainExercises(plan).length;
    return finish(page, plan, {
      status: all ? "done" : did ? "partly" : "skipped", skip_reason: did ? null : draft.stopped ? "hurt" : "other",
      pain_nprs_before: draft.before, pain_nprs_worst: chosen(form, "pain_worst"), pain_nprs_after: chosen(form, "pain_after"),
      effort_cr10: chosen(form, "effort"), note: text(form, "note"), exercises: [...draft.results, ...rest],
    });
  });
  page.show(form);
}

/** @param {Page} page @param {Record<string, any>} plan @param {Record<string, any>} said */
async function finish(page, plan, said) {
  await saved.keep(plan.account_id, exerciseSession(plan, said));
  await plans.dropDraft(DRAFT, plan.account_id);
  page.show(...saved.words(plan, said));
}
