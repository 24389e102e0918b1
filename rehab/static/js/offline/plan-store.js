/**
 * The plan on the phone: read from its own disk first, refreshed when there is network.
 */
import * as store from "/static/js/offline/store.js";

/** @typedef {Record<string, any>} Plan */

/** The plan as it was last seen, or null. @returns {Promise<Plan | null>} */
export async function load() {
  return (await store.get("kept", "plan"))?.plan ?? null;
}

/** The account whose phone this is, as far as it knows. @returns {Promise<string | null>} */
export async function accountId() {
  return (await load())?.account_id ?? null;
}

/**
 * Ask the server for a newer plan.
 * @returns {Promise<{plan: Plan | null, state: "new" | "same" | "signed-out" | "offline"}>}
 */
export async function refresh() {
  const kept = await store.get("kept", "plan");
  const old = kept?.plan ?? null;
  let answer;
  try {
    answer = await fetch("/api/v1/plan", { headers: kept?.etag ? { "If-None-Match": kept.etag } : {}, cache: "no-store" });
  } catch {
    return { plan: old, state: "offline" };
  }
  if (answer.status === 304) return { plan: old, state: "same" };
  if (answer.status === 401) return { plan: old, state: "signed-out" };
  if (!answer.ok) return { plan: old, state: "offline" };
  try {
    const plan = await answer.json();
    await store.put({ kept: [{ key: "plan", plan, etag: answer.headers.get("ETag"), fetched_at: Date.now() }] });
    return { plan, state: "new" };
  } catch {
    return { plan: old, state: "offline" };
  }
}

/**
 * An answer that blocks exercise blocks it here at once, with or without network. Only the server can lift it.
 * @param {{kind: string, [field: string]: any}[]} records
 */
export async function applyScreenings(records) {
  const kept = await store.get("kept", "plan");
  if (!kept) return;
  for (const record of records) {
    const key = record.kind === "screening" ? disposition(kept.plan, record.answers) : null;
    const text = key && kept.plan.dispositions[key];
    if (!text || RANK.indexOf(text.block) <= RANK.indexOf(kept.plan.block)) continue;
    const plan = { ...kept.plan, block: text.block, block_text: text };
    await store.put({ kept: [{ ...kept, plan, etag: null }] });
    kept.plan = plan;
  }
}

const RANK = ["none", "partial", "all"];
const WORST_FIRST = ["emergency", "sameday", "days", "routine"];

/**
 * The most urgent disposition that the answers carry, as the plan's own questions say; null for none.
 * @param {Plan} plan
 * @param {Record<string, string>} answers
 */
export function disposition(plan, answers) {
  const carried = Object.entries(answers).map(([id, answer]) => {
    const question = plan.questions[id];
    if (answer === "alt") return question?.alternative?.disposition ?? question?.disposition;
    return answer === "yes" ? question?.disposition : null;
  });
  return WORST_FIRST.find((key) => carried.includes(key)) ?? null;
}

/** A half-finished page of this account, or null. @param {string} name @param {string} account */
export async function draft(name, account) {
  return (await store.get("kept", `draft:${name}:${account}`))?.value ?? null;
}

/** @param {string} name @param {string} account @param {object} value */
export function keepDraft(name, account, value) {
  return store.put({ kept: [{ key: `draft:${name}:${account}`, value }] });
}

/** @param {string} name @param {string} account */
export function dropDraft(name, account) {
  return store.remove("kept", [`draft:${name}:${account}`]);
}
