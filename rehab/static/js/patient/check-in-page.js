/**
 * The twenty-second check-in: one number, and more only if one likes.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";
import { dayChoice } from "/static/js/patient/day-choice.js";
import { banner, chosen, complain, details, field, h, link, note, scale, settleField, text } from "/static/js/patient/dom.js";
import { checkIn } from "/static/js/patient/records.js";
import * as saved from "/static/js/patient/saved.js";

const MOST_MINUTES = 600;

/** @param {HTMLElement} root */
export async function connect(root) {
  const plan = await plans.load() ?? (await plans.refresh()).plan;
  if (!plan) return root.replaceChildren(h("p", {}, "This phone does not know you yet. Please open Today once with network."), link("Today", "/today"));
  const id = new URLSearchParams(location.search).get("correct");
  const original = id ? (await outbox.logged(plan.account_id)).find((record) => record.id === id) ?? null : null;
  return root.replaceChildren(form(root, plan, original));
}

/** @param {HTMLElement} root @param {Record<string, any>} plan @param {outbox.LogRecord | null} old */
function form(root, plan, old) {
  const shown = h("form.stack", { novalidate: true },
    scale("usual", "Your usual pain today", { value: old?.pain_nprs_usual, hint: "The whole day taken together." }),
    h("div.choice", {}, h("input.choice__input", { type: "checkbox", id: "flare", name: "flare", checked: old?.flare }),
      h("label.choice__label", { for: "flare" }, "It has flared up"), h("span.choice__hint", {}, "Clearly worse than usual for you")),
    details("More, if you like",
      !old && dayChoice(),
      scale("walk", "Pain when walking", { value: old?.pain_nprs_walk }), scale("morning", "Pain this morning", { value: old?.pain_nprs_morning }),
      field("minutes", "Minutes you can walk before it hurts", { type: "number", inputmode: "numeric", min: 0, max: MOST_MINUTES, value: old?.walking_minutes }),
      scale("sleep", "How did you sleep?", { value: old?.sleep_0_10, low: "not at all", high: "very well" }), note("note", "Note", old?.note)),
    h("button.button.button--primary.button--wide", { type: "submit" }, h("span", {}, "Save")));
  shown.addEventListener("change", (/** @type {Event} */ event) => {
    const changed = /** @type {HTMLElement} */ (event.target).closest(".field");
    if (changed instanceof HTMLElement) settleField(changed);
  });
  shown.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    save(root, plan, old, shown);
  });
  return shown;
}

/** @param {HTMLElement} root @param {Record<string, any>} plan @param {outbox.LogRecord | null} old @param {HTMLFormElement} form */
async function save(root, plan, old, form) {
  const usual = chosen(form, "usual");
  const minutes = text(form, "minutes");
  if (usual === null) return complain(/** @type {HTMLElement} */ (form.querySelector("#usual")), "Tap a number. 0 means no pain.");
  const box = /** @type {HTMLInputElement} */ (form.querySelector("#minutes"));
  if (!box.validity.valid || (minutes && !/^\d+$/.test(minutes))) {
    /** @type {HTMLDetailsElement} */ (box.closest("details")).open = true;
    return complain(/** @type {HTMLElement} */ (box.parentElement), `A whole number from 0 to ${MOST_MINUTES}.`);
  }
  /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]")).disabled = true;
  const day = /** @type {HTMLSelectElement | null} */ (form.querySelector("#performed_on"))?.value;
  await saved.keep(plan.account_id, checkIn({
    pain_nprs_usual: usual, pain_nprs_walk: chosen(form, "walk"), pain_nprs_morning: chosen(form, "morning"), sleep_0_10: chosen(form, "sleep"),
    walking_minutes: minutes ? Number(minutes) : null, flare: /** @type {HTMLInputElement} */ (form.querySelector("#flare")).checked,
    note: text(form, "note"), ...(day ? { performed_on: day } : {}),
  }, old ?? undefined));
  return root.replaceChildren(...thanks(usual, /** @type {HTMLInputElement} */ (form.querySelector("#flare")).checked));
}

/** @param {number} usual @param {boolean} flare */
function thanks(usual, flare) {
  return [
    banner("success", `Saved: ${usual} of 10`, h("p", {}, navigator.onLine ? "It is kept on this phone and on its way." : "It is kept on this phone and sent when there is network.")),
    flare && banner("info", "Flare-ups pass", h("p", {}, "Do half of your exercises for two to four days, keep walking in small bits, then go back up."),
      h("p", {}, link("What helps in a flare-up", "/learn", { kind: "quiet" }))),
    link("Back to today", "/today", { wide: true }),
  ].filter(Boolean);
}
