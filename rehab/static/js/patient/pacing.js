/**
 * Which moment follows which in one exercise, and for how long. Pure; the player only asks the clock.
 */

const READY = 3;
const LET_GO = 3;
const CHANGE_SIDES = 5;

/** @typedef {{word: string, detail: string, seconds: number, kind: "ready" | "work" | "easy" | "rest"}} Moment */

/**
 * Every moment of an exercise in its order; empty when it has no pace of its own.
 * @param {Record<string, any>} exercise
 * @returns {Moment[]}
 */
export function moments(exercise) {
  const repetition = one(exercise);
  if (!repetition.length) return [];
  const sides = exercise.side === "each" ? ["Left side", "Right side"] : [""];
  /** @type {Moment[]} */
  const all = [{ word: "Get ready", detail: "", seconds: READY, kind: "ready" }];
  for (let set = 1; set <= exercise.sets; set++) {
    for (const [index, side] of sides.entries()) {
      if (index) all.push({ word: "Change sides", detail: "", seconds: CHANGE_SIDES, kind: "rest" });
      for (let turn = 1; turn <= exercise.repetitions; turn++) {
        const detail = [side, exercise.sets > 1 && `set ${set} of ${exercise.sets}`, exercise.repetitions > 1 && `${turn} of ${exercise.repetitions}`];
        all.push(...repetition.map((moment) => ({ ...moment, detail: detail.filter(Boolean).join(", ") })));
      }
    }
    if (set < exercise.sets && exercise.rest_seconds) all.push({ word: "Rest", detail: "", seconds: exercise.rest_seconds, kind: "rest" });
  }
  return all;
}

/** @param {Record<string, any>} exercise @returns {Moment[]} the moments of one repetition */
function one({ hold_seconds: hold, tempo, repetitions }) {
  if (hold) {
    const held = /** @type {Moment} */ ({ word: "Hold", detail: "", seconds: hold, kind: "work" });
    return repetitions > 1 ? [held, { word: "Let go", detail: "", seconds: LET_GO, kind: "easy" }] : [held];
  }
  const beats = /^(\d)-(\d)-(\d)$/.exec(tempo ?? "");
  if (!beats) return [];
  const [up, stay, down] = beats.slice(1).map(Number);
  return /** @type {Moment[]} */ ([
    { word: "Go", detail: "", seconds: up, kind: "work" }, { word: "Stay", detail: "", seconds: stay, kind: "work" },
    { word: "Slowly back", detail: "", seconds: down, kind: "easy" },
  ]).filter((moment) => moment.seconds);
}

/** @param {Moment[]} all @returns {number} seconds */
export const length = (all) => all.reduce((sum, moment) => sum + moment.seconds, 0);

/**
 * Where one is after `elapsed` seconds: a phone that slept for a minute wakes up a minute further on.
 * @param {Moment[]} all
 * @param {number} elapsed
 * @returns {{index: number, left: number} | null} null once it is over
 */
export function place(all, elapsed) {
  for (const [index, moment] of all.entries()) {
    if (elapsed < moment.seconds) return { index, left: moment.seconds - elapsed };
    elapsed -= moment.seconds;
  }
  return null;
}
