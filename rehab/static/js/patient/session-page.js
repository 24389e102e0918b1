/**
 * The session page: leads through a session, or takes one in a single form (`?log=done`, `?correct=<id>`).
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";
import { h, link } from "/static/js/patient/dom.js";
import { advice } from "/static/js/patient/gate.js";
import * as guided from "/static/js/patient/guided.js";
import * as form from "/static/js/patient/log-form.js";
import { mainExercises } from "/static/js/patient/records.js";

/** @param {HTMLElement} root */
export async function connect(root) {
  const page = { show: (/** @type {any[]} */ ...children) => draw(root, children) };
  const plan = await plans.load() ?? (await plans.refresh()).plan;
  const asked = new URLSearchParams(location.search);
  if (!plan?.plan_id) return page.show(h("h1", {}, "No plan yet"), h("p", {}, "Your plan comes to this phone when there is network."), link("Back to today", "/today"));
  const original = asked.has("correct") ? (await outbox.logged(plan.account_id)).find((record) => record.id === asked.get("correct")) ?? null : null;
  if (original) return form.start(page, plan, original.status, original);
  const status = asked.get("log");
  if (status && ["done", "partly", "skipped"].includes(status)) return form.start(page, plan, status, null);
  if (plan.block === "all") return page.show(...blocked(plan), link("Back to today", "/today", { kind: "secondary", wide: true }));
  if (!mainExercises(plan).length) return page.show(h("h1", {}, "Nothing to do today"), h("p", {}, "While this is being checked, comfortable walking is all."), link("Back to today", "/today"));
  return guided.start(page, plan);
}

/** @param {Record<string, any>} plan */
function blocked(plan) {
  const key = Object.entries(plan.dispositions).find(([, text]) => text.head === plan.block_text?.head)?.[0];
  return key ? advice(plan, key) : [h("h1", {}, "Exercise waits")];
}

/** @param {HTMLElement} root @param {any[]} children */
function draw(root, children) {
  root.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  const head = root.querySelector("h1");
  if (head) {
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
  }
  scrollTo(0, 0);
}
