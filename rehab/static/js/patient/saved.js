/**
 * Keeps a log on this phone, then says so, with the one pain rule applied to what was told.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as sync from "/static/js/offline/sync.js";
import { banner, h, link } from "/static/js/patient/dom.js";

/** On the phone's disk first; the network afterwards. @param {string} account @param {outbox.LogRecord} record */
export async function keep(account, record) {
  await outbox.put(account, [record]);
  sync.flush();
  sync.askForWakeUp();
}

/** @param {Record<string, any>} plan @param {Record<string, any>} said a session's fields */
export function words(plan, said) {
  const { pain_safe_max: safe, pain_acceptable_max: acceptable } = plan.stop_rules;
  const worst = Math.max(said.pain_nprs_worst ?? -1, said.pain_nprs_after ?? -1, said.status === "skipped" && said.skip_reason === "hurt" ? acceptable + 1 : -1);
  return [
    h("h1", {}, "Saved"),
    worst > acceptable ? banner("care", "That was too much",
      h("p", {}, `Above ${acceptable} is more than your body needs to get stronger. Take the next session easier, with half the repetitions, and wait until the pain has settled.`),
      h("p", {}, "If it stays worse, tell your therapist or a doctor."))
      : worst > safe ? banner("info", "That is acceptable", h("p", {}, `${safe + 1} to ${acceptable} is fine if it has settled by tomorrow morning. If not, do less next time.`))
        : worst >= 0 ? banner("success", "That is a good level", h("p", {}, "Little or no pain: this dose suits you.")) : banner("info", "Noted", h("p", {}, "A day off does not undo what you have built.")),
    h("p.soft", {}, navigator.onLine ? "It is kept on this phone and on its way." : "It is kept on this phone and sent when there is network."),
    h("div.session__controls", {}, link("Back to today", "/today", { wide: true })),
  ];
}
