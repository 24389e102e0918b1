/**
 * The small word at the top: how many logs wait on this phone, and whether all has arrived.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";
import * as sync from "/static/js/offline/sync.js";
import { count } from "/static/js/patient/days.js";
import { h } from "/static/js/patient/dom.js";

/** @param {HTMLElement} element */
export function connect(element) {
  const update = () => draw(element);
  outbox.onChange(update);
  addEventListener("stride:sync", update);
  addEventListener("online", update);
  addEventListener("offline", update);
  update();
}

/** @param {HTMLElement} element */
async function draw(element) {
  const account = await plans.accountId();
  if (!account) return;
  const waiting = await outbox.waiting(account);
  const refused = await outbox.refused(account);
  const [state, words] = say(waiting.filter((entry) => entry.record.kind !== "screening").length || waiting.length, refused.length);
  if (element.textContent === (typeof words === "string" ? words : words.textContent)) return;
  element.dataset.state = state;
  element.replaceChildren(words);
  element.hidden = false;
}

/** @param {number} waiting @param {number} refused @returns {[string, any]} */
function say(waiting, refused) {
  const state = sync.current();
  if (waiting && state === "signed-out") return ["waiting", signIn(`Sign in to send ${count(waiting, "session")}`)];
  if (waiting && state === "other-account") return ["waiting", signIn(`${waiting} waiting for another sign-in`)];
  if (waiting && state === "sending") return ["sending", `Sending ${waiting}`];
  if (waiting) return [navigator.onLine ? "waiting" : "offline", `Saved on this phone: ${waiting} waiting`];
  if (refused) return ["refused", h("a", { href: "/today#not-taken" }, `${refused} not accepted`)];
  return navigator.onLine ? ["saved", "All sent"] : ["offline", "No network"];
}

/** @param {string} words */
function signIn(words) {
  return h("a", { href: `/account/sign-in?next=${encodeURIComponent(location.pathname)}` }, words);
}
