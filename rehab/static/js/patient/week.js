/**
 * The strip of this week's seven days, from Monday.
 */
import { longDay, shift, weekday } from "/static/js/patient/days.js";
import { h } from "/static/js/patient/dom.js";

/** @typedef {import("/static/js/offline/outbox.js").LogRecord} LogRecord */

const WORDS = /** @type {Record<string, string>} */ ({ done: "done", partly: "partly done", planned: "planned", "no-data": "nothing logged", excused: "excused", rest: "rest day" });
const MARKS = /** @type {Record<string, string>} */ ({ done: "m10 16.5 4 4 8-9", partly: "M10 16h12", excused: "M13 11v10M19 11v10" });
const SVG = "http://www.w3.org/2000/svg";

/** @param {Record<string, any>} plan @param {LogRecord[]} logged @param {string} today */
export function weekStrip(plan, logged, today) {
  if (!plan.plan_id) return null;
  const monday = shift(today, -weekday(today));
  const days = Array.from({ length: 7 }, (_, index) => shift(monday, index));
  return h("ol.week-strip", { "aria-label": "This week" }, days.map((day) => {
    const state = stateOf(plan, logged, day, today);
    return h(`li.week-strip__day.week-strip__day--${state}`, { "aria-current": day === today && "date" },
      h("span.week-strip__letter", { "aria-hidden": "true" }, "MTWTFSS"[weekday(day)]), dot(MARKS[state]),
      h("span.visually-hidden", {}, `${longDay(day)}: ${WORDS[state]}${day === today ? ", today" : ""}`));
  }));
}

/**
 * What a day looks like, by the rules of `programs/adherence.py`. Before the first plan nothing was asked for: rest.
 * @param {Record<string, any>} plan @param {LogRecord[]} logged @param {string} day @param {string} today
 */
export function stateOf(plan, logged, day, today) {
  const sessions = logged.filter((log) => log.kind === "exercise_session" && log.performed_on === day);
  const status = ["done", "partly"].find((one) => sessions.some((log) => log.status === one));
  if (status) return status;
  if (!sessions.length && plan.done_on.includes(day)) return "done";
  if (!sessions.length && plan.partly_on.includes(day)) return "partly";
  const isPaused = plan.pauses.some((/** @type {any} */ pause) => pause.from_on <= day && (!pause.to_on || day <= pause.to_on));
  if (isPaused || sessions.some((log) => log.skip_reason === "resting")) return "excused";
  if (!plan.weekdays.includes(weekday(day)) || day < plan.started_on) return "rest";
  return day < today ? "no-data" : "planned";
}

/** @param {string | undefined} path */
function dot(path) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["class", "week-strip__dot"], ["viewBox", "0 0 32 32"], ["aria-hidden", "true"]]) svg.setAttribute(key, value);
  const ring = document.createElementNS(SVG, "circle");
  for (const [key, value] of [["class", "week-strip__ring"], ["cx", "16"], ["cy", "16"], ["r", "14"]]) ring.setAttribute(key, value);
  svg.append(ring);
  if (path) {
    const mark = document.createElementNS(SVG, "path");
    mark.setAttribute("class", "week-strip__mark");
    mark.setAttribute("d", path);
    svg.append(mark);
  }
  return svg;
}
