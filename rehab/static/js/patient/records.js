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

/**
 * What may be done in a session today: the exercises of the plan's days, without the little ones of every day. A partly
 * blocked plan keeps the easiest level only; a blocked one has none.
 * @param {Record<string, any>} plan
 */
export function mainExercises(plan) {
  if (plan.block === "all") return [];
  const open = plan.exercises.filter((/** @type {{level: number}} */ exercise) => plan.block !== "partial" || exercise.level <= 1);
  const main = open.filter((/** @type {{kind: string}} */ exercise) => exercise.kind === "main");
  return main.length ? main : open;
}

/** An exercise as done in full. @param {Record<string, any>} exercise */
export function asDone(exercise) {
  return { exercise: exercise.slug, done: true, sets_done: exercise.sets, repetitions_done: exercise.repetitions, reason: null };
}

/** An exercise left out, and why. @param {Record<string, any>} exercise @param {string} reason */
export function asLeftOut(exercise, reason) {
  return { exercise: exercise.slug, done: false, sets_done: null, repetitions_done: null, reason };
}
