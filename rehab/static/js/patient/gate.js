/**
 * Is it safe to exercise today? Six taps before a session; a tap opens its yes-or-no questions.
 *
 * The answers go into the outbox before anything else, and what they block is blocked on this phone at once.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";
import * as sync from "/static/js/offline/sync.js";
import { banner, button, complain, h, link, settleField } from "/static/js/patient/dom.js";
import { screening } from "/static/js/patient/records.js";

/**
 * @param {Record<string, any>} plan
 * @param {{show: (...children: any[]) => void, passed: () => unknown}} page `show` draws a step; `passed` goes on
 */
export function ask(plan, page) {
  const items = plan.gate.filter((/** @type {{opens: string[]}} */ item) => item.opens.length);
  const none = plan.gate.find((/** @type {{opens: string[]}} */ item) => !item.opens.length)?.text ?? "None of these";
  const ticked = () => items.filter((/** @type {{id: string}} */ item) => /** @type {HTMLInputElement} */ (document.getElementById(item.id)).checked);
  const go = button(none, () => {
    const opened = ticked().flatMap((/** @type {{opens: string[]}} */ item) => item.opens);
    return opened.length ? askOpened(plan, opened, page) : keep(plan, {}, page);
  }, { wide: true });
  const words = () => { go.lastElementChild.textContent = ticked().length ? "Next" : none; };
  page.show(
    h("h1", {}, "Is any of this new today?"),
    h("fieldset.choices", {}, h("legend.visually-hidden", {}, "New since your last session"),
      h("div.choices__list", {}, items.map((/** @type {{id: string, text: string}} */ item) => h("div.choice", {},
        h("input.choice__input", { type: "checkbox", id: item.id, onchange: words }),
        h("label.choice__label", { for: item.id }, item.text))))),
    h("div.session__controls", {}, go),
  );
}

/** @param {Record<string, any>} plan @param {string[]} opened @param {{show: (...children: any[]) => void, passed: () => unknown}} page */
function askOpened(plan, opened, page) {
  const asked = opened.filter((id) => plan.questions[id]);
  const form = h("form.stack", { novalidate: true },
    h("h1", {}, "A closer look"),
    asked.map((id) => question(id, plan.questions[id])),
    h("div.session__controls", {}, h("button.button.button--primary.button--wide", { type: "submit" }, h("span", {}, "Next"))));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const missing = asked.find((id) => !answer(form, id));
    if (missing) return complain(/** @type {HTMLElement} */ (document.getElementById(missing)), "Please answer this one.");
    return keep(plan, Object.fromEntries(asked.map((id) => [id, answer(form, id) ?? "no"])), page);
  });
  page.show(form);
}

/** @param {string} id @param {Record<string, any>} asked */
function question(id, asked) {
  const answers = [["yes", "Yes"], ...(asked.alternative ? [["alt", asked.alternative.answer]] : []), ["no", "No"]];
  const field = h("fieldset.field", { id, onchange: () => settleField(field) },
    h("legend.field__label", {}, asked.text), asked.clarify && h("p.field__hint", {}, asked.clarify),
    h("div.answers", {}, answers.map(([value, words]) => h("label.answer", {},
      h("input", { type: "radio", name: id, value }), h("span", {}, words)))));
  return field;
}

/** @param {HTMLFormElement} form @param {string} id */
const answer = (form, id) => /** @type {HTMLInputElement | null} */ (form.querySelector(`input[name="${id}"]:checked`))?.value;

/** @param {Record<string, any>} plan @param {Record<string, string>} answers @param {{show: (...children: any[]) => void, passed: () => unknown}} page */
async function keep(plan, answers, page) {
  const record = screening(plan, answers);
  await outbox.put(plan.account_id, [record]);
  await plans.applyScreenings([record]);
  sync.flush();
  sync.askForWakeUp();
  const key = plans.disposition(plan, record.answers);
  if (!key) return page.passed();
  const text = plan.dispositions[key];
  const messages = Object.entries(answers).filter(([, said]) => said !== "no").map(([id]) => plan.questions[id].message).filter(Boolean);
  return page.show(...advice(plan, key, messages), h("div.session__controls", {},
    text.block === "all" ? link("Back to today", "/today", { kind: "secondary", wide: true })
      : button(text.block === "partial" ? "Go on with the easy part" : "Go on", page.passed, { wide: true })));
}

const TONES = /** @type {Record<string, string>} */ ({ emergency: "emergency", sameday: "urgent", days: "care", routine: "info" });

/**
 * What to do now, in the plan's own words, with the number to call.
 * @param {Record<string, any>} plan @param {string} key a disposition @param {string[]} [messages]
 */
export function advice(plan, key, messages = []) {
  const text = plan.dispositions[key];
  const number = plan.act_now.emergency_number;
  return [
    h("h1", {}, text.head),
    banner(TONES[key] ?? "info", "", messages.map((message) => h("p", {}, message)), h("p", {}, text.body)),
    key === "emergency" && link(`Call ${number}`, `tel:${number.replaceAll(" ", "")}`, { wide: true, kind: "danger" }),
    (key === "emergency" || key === "sameday") && h("p.soft", {}, "Nobody watches this app live. Please do what it says above yourself."),
  ].filter(Boolean);
}
