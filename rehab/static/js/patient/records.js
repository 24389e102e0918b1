/**
 * What a log looks like before it goes into the outbox. Ids are made here, where the thing is born.
 */
import { instant, isoDay } from "/static/js/patient/days.js";

/** @typedef {import("/static/js/offline/outbox.js").LogRecord} LogRecord */

/** What every record says. @param {string} kind @param {Record<string, any>} [original] the record this one corrects */
function born(kind, original) {
  const now = new Date();
  return {
    kind, schema: 1, id: crypto.randomUUID(),
    performed_at: original?.performed_at ?? instant(now),
    performed_on: original?.performed_on ?? isoDay(now),
    time_zone: original?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
  };
}

/**
 * @param {Record<string, any>} plan
 * @param {Record<string, any>} said what the person told; everything left out is null
 * @param {LogRecord} [original]
 * @returns {LogRecord}
 */
export function exerciseSession(plan, said, original) {
  return {
    ...born("exercise_session", original), plan_id: original?.plan_id ?? plan.plan_id, status: "done", skip_reason: null,
    pain_nprs_before: null, pain_nprs_worst: null, pain_nprs_after: null, effort_cr10: null, note: "", exercises: [],
    corrects_id: original?.id ?? null, ...said,
  };
}

/** @param {Record<string, any>} said @param {LogRecord} [original] @returns {LogRecord} */
export function checkIn(said, original) {
  return {
    ...born("check_in", original), pain_nprs_usual: null, pain_nprs_walk: null, pain_nprs_morning: null, sleep_0_10: null,
    walking_minutes: null, flare: false, note: "", corrects_id: original?.id ?? null, ...said,
  };
}

/**
 * The six taps. What was not tapped was answered no.
 * @param {Record<string, any>} plan
 * @param {Record<string, string>} answers of the questions that were opened
 * @returns {LogRecord}
 */
export function screening(plan, answers) {
  const asked = plan.gate.flatMap((/** @type {{opens: string[]}} */ item) => item.opens);
  const all = Object.fromEntries(asked.map((/** @type {string} */ id) => [id, answers[id] ?? "no"]));
  return { ...born("screening"), moment: "session", answers: all, content_version: plan.content_version, acknowledged_at: null };
}

/** The sessions of the plan that are done on its days, not the little ones of every day. @param {Record<string, any>} plan */
export function mainExercises(plan) {
  const main = plan.exercises.filter((/** @type {{kind: string}} */ exercise) => exercise.kind === "main");
  return main.length ? main : plan.exercises;
}

/** Every exercise of the plan as done. @param {Record<string, any>} plan */
export function allDone(plan) {
  return mainExercises(plan).map((/** @type {Record<string, any>} */ exercise) => (
    { exercise: exercise.slug, done: true, sets_done: exercise.sets, repetitions_done: exercise.repetitions, reason: null }
  ));
}
