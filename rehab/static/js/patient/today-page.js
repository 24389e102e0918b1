/**
 * Draws the day from the plan on this phone: at once, with or without network, and again when something changes.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";
import { count, dose, isoDay, longDay, shift, shortDay, weekday } from "/static/js/patient/days.js";
import { banner, button, card, figure, h, icon, link } from "/static/js/patient/dom.js";
import { mainExercises } from "/static/js/patient/records.js";
import { weekStrip } from "/static/js/patient/week.js";

/** @typedef {outbox.LogRecord} LogRecord */

/** @param {HTMLElement} root */
export async function connect(root) {
  const again = () => draw(root);
  outbox.onChange(again);
  addEventListener("stride:arrived", () => { plans.refresh().then(again); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") again(); });
  await draw(root);
  const { plan, state } = await plans.refresh();
  if (state === "signed-out" && !plan) { location.assign("/account/sign-in?next=/today"); return; }
  if (state !== "same" || !plan) await draw(root, state);
}

/** @param {HTMLElement} root @param {string} [state] what the last look for a newer plan found */
async function draw(root, state = "") {
  const plan = await plans.load();
  if (!plan) {
    if (state) root.replaceChildren(banner("care", "Your plan is not on this phone yet", h("p", {}, "It comes as soon as there is network.")), button("Try again", () => connect(root)));
    return;
  }
  const today = isoDay(new Date());
  const logged = await outbox.logged(plan.account_id);
  const refused = await outbox.refused(plan.account_id);
  const waiting = new Set((await outbox.waiting(plan.account_id)).map((entry) => entry.id));
  root.replaceChildren(...[
    h("p.lead", {}, longDay(today)),
    state === "signed-out" && banner("care", "You are signed out", h("p", {}, "You can go on here. What you log is kept on this phone."), link("Sign in", "/account/sign-in?next=/today", { kind: "secondary" })),
    notTaken(refused, today), block(plan),
    weekStrip(plan, logged, today),
    plan.block !== "all" && session(plan, logged, today),
    check(plan, logged, today), walk(plan), lately(logged, waiting, today),
    plan.change_reason && plan.version > 1 && h("p.soft", {}, `Your plan is version ${plan.version}: ${plan.change_reason}`),
    link("Act now: signs that cannot wait", "/act-now", { kind: "quiet" }),
  ].filter(Boolean));
}

/** @param {Record<string, any>} plan */
function block(plan) {
  if (plan.block === "none" || !plan.block_text) return null;
  const all = plan.block === "all";
  return banner(all ? "urgent" : "care", plan.block_text.head, h("p", {}, plan.block_text.body),
    all ? link("What to do now", "/stopped", { kind: "secondary" }) : h("p", {}, "Until then: the easy exercises only, and comfortable walking."));
}

/** @param {Record<string, any>} plan @param {LogRecord[]} logged @param {string} today */
function session(plan, logged, today) {
  const exercises = mainExercises(plan);
  if (!exercises.length) {
    return plan.plan_id ? null : card("pine", "Find your plan", h("p", {}, "A few questions, then exercises that fit you."), link("Start", "/start/find", { wide: true }));
  }
  const record = logged.find((log) => log.kind === "exercise_session" && log.performed_on === today);
  if (record && record.status !== "skipped") return doneToday(record);
  if (!record && [...plan.done_on, ...plan.partly_on].includes(today)) return card("", "Done today", h("p", {}, "This session is in your diary."));
  if (paused(plan, today)) return card("sunk", "You are on a pause", h("p", {}, "These days do not count."), link("Pause settings", "/me", { kind: "quiet" }));
  const planned = plan.weekdays.includes(weekday(today));
  const first = exercises[0];
  return card(planned ? "pine" : "", planned ? "Today's session" : "A rest day",
    record && h("p.soft", {}, "Left out for today. It is never too late."),
    !planned && h("p", {}, `Next session: ${longDay(nextDay(plan, today))}.`),
    planned && first.figure && h("div.exercise-card__figure", {}, figure(first.figure)),
    planned && h("p", {}, `${count(exercises.length, "exercise")}, about ${count(minutes(exercises), "minute")}`),
    planned && h("ul.list-plain.small.soft", {}, exercises.map((/** @type {any} */ exercise) => h("li", {}, `${exercise.name}: ${dose(exercise)}`))),
    link(planned ? "Start session" : "Do a session anyway", "/session", { wide: true, kind: planned ? "primary" : "secondary", picture: "play" }),
    link("Done as planned", "/session?log=done", { wide: true, kind: planned ? "secondary" : "quiet", picture: "check" }),
    planned && h("div.cluster", {}, link("Part of it", "/session?log=partly", { kind: "quiet" }), !record && link("Not today", "/session?log=skipped", { kind: "quiet" })));
}

/** @param {LogRecord} record */
function doneToday(record) {
  return card("", record.status === "done" ? "Done today" : "Partly done today",
    h("p", {}, record.pain_nprs_worst === null ? "Well done." : `Well done. Worst pain: ${record.pain_nprs_worst} of 10.`),
    h("div.cluster", {}, link("Change it", `/session?correct=${record.id}`, { kind: "quiet" }), link("Do another session", "/session", { kind: "quiet" })));
}

/** @param {Record<string, any>} plan @param {LogRecord[]} logged @param {string} today */
function check(plan, logged, today) {
  const record = logged.find((log) => log.kind === "check_in" && log.performed_on === today);
  if (record) {
    return card("", "Checked in", h("p", {}, `Usual pain today: ${record.pain_nprs_usual} of 10${record.flare ? ", a flare-up" : ""}.`),
      link("Change it", `/check-in?correct=${record.id}`, { kind: "quiet" }));
  }
  if (plan.checked_in_on.includes(today)) return card("", "Checked in", h("p", {}, "Today's number is in your diary."));
  return card("", "How is it today?", h("p", {}, "One number, twenty seconds."), link("Check in", "/check-in", { wide: true, kind: "secondary" }));
}

/** @param {Record<string, any>} plan */
function walk(plan) {
  if (!plan.walk || plan.block === "all") return null;
  const { name, minutes: long, rounds, days_per_week: days, text } = plan.walk;
  const amount = rounds > 1 ? `${rounds} rounds of ${count(long, "minute")}` : count(long, "minute");
  return h("section.card", {}, h("h2.card__title", {}, icon("walk"), h("span", {}, "Walking")),
    h("p", {}, h("strong", {}, amount), ` on ${count(days, "day")} a week: ${name.toLowerCase()}.`), text && h("p.soft", {}, text));
}

/** @param {outbox.Entry[]} refused @param {string} today */
function notTaken(refused, today) {
  if (!refused.length) return null;
  return h("section.card.card--care", { id: "not-taken" }, h("h2.card__title", {}, h("span", {}, "Not accepted")),
    h("p", {}, "These logs are still on this phone. The clinic's side could not take them:"),
    refused.map((entry) => h("div.stack", {},
      h("p", {}, h("strong", {}, `${what(entry.record)}, ${shortDay(entry.record.performed_on, today)}. `), entry.refused?.message ?? ""),
      button("Let it go", () => outbox.discard(entry.id), { kind: "secondary" }))));
}

/** @param {LogRecord[]} logged @param {Set<string>} waiting @param {string} today */
function lately(logged, waiting, today) {
  const recent = logged.filter((log) => log.performed_on >= shift(today, -7)).slice(0, 8);
  if (!recent.length) return null;
  return h("section.card.card--sunk", {}, h("h2.card__title", {}, h("span", {}, "Logged on this phone")),
    h("ul.list-plain.stack", {}, recent.map((log) => h("li.split", {},
      h("span", {}, `${shortDay(log.performed_on, today)}: ${what(log)}`, h("span.soft.small", {}, waiting.has(log.id) ? " · waiting to be sent" : "")),
      h("a", { href: `${log.kind === "check_in" ? "/check-in" : "/session"}?correct=${log.id}` }, "Change", h("span.visually-hidden", {}, ` ${what(log)} of ${shortDay(log.performed_on, today)}`))))));
}

const STATUS = /** @type {Record<string, string>} */ ({ done: "session done", partly: "session partly done", skipped: "session left out" });

/** @param {LogRecord} record */
function what(record) {
  if (record.kind === "check_in") return `check-in, pain ${record.pain_nprs_usual}`;
  if (record.kind === "screening") return "safety answers";
  return record.pain_nprs_worst === null ? STATUS[record.status] : `${STATUS[record.status]}, worst pain ${record.pain_nprs_worst}`;
}

/** @param {Record<string, any>} plan @param {string} day */
const paused = (plan, day) => plan.pauses.some((/** @type {{from_on: string, to_on: string | null}} */ pause) => pause.from_on <= day && (!pause.to_on || day <= pause.to_on));

/** @param {Record<string, any>} plan @param {string} today */
function nextDay(plan, today) {
  const days = [1, 2, 3, 4, 5, 6, 7].map((ahead) => shift(today, ahead));
  return days.find((day) => plan.weekdays.includes(weekday(day))) ?? days[0];
}

/** @param {Record<string, any>[]} exercises */
const minutes = (exercises) => Math.max(1, Math.round(exercises.reduce((sum, exercise) => sum + (exercise.minutes ?? 2), 0)));
