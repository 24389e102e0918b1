/**
 * Sends what waits. One flight at a time on the whole phone; deletes exactly the ids the server took.
 *
 * Never trusts one event: it tries after each log, on load, when the network returns, when the page becomes visible
 * and when the service worker says so, because Safari has no background sync.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as plans from "/static/js/offline/plan-store.js";

const BATCH = 50;
const TIMEOUT_MS = 20000;
const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 15 * 60000;

/** @typedef {"idle" | "sending" | "offline" | "signed-out" | "other-account" | "busy"} State */
/** @type {State} */
let state = "idle";
let failures = 0;
let timer = 0;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** What the last try told us. @returns {State} */
export const current = () => state;

/** Begin to watch; tries at once. */
export function start() {
  addEventListener("online", () => { failures = 0; flush(); });
  addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") flush(); });
  navigator.serviceWorker?.addEventListener("message", (event) => { if (event.data?.type === "flush") flush(); });
  return flush();
}

/** Send everything that waits for this phone's account. Calls during a flight are answered by one more flight. */
export function flush() {
  if (running) { again = true; return running; }
  running = alone(sendAll).catch(() => later("offline")).finally(() => {
    running = null;
    if (again) { again = false; flush(); }
  });
  return running;
}

/** Ask the browser to wake the worker when there is network again, where it can. */
export async function askForWakeUp() {
  try {
    const registration = await navigator.serviceWorker?.ready;
    // @ts-ignore: not in every browser
    await registration?.sync?.register("stride-outbox");
  } catch { /* The other occasions do. */ }
}

/** @param {() => Promise<void>} work */
function alone(work) {
  return navigator.locks ? navigator.locks.request("stride-sync", work) : work();
}

async function sendAll() {
  const account = await plans.accountId();
  if (!account) return;
  let size = BATCH;
  let arrived = false;
  for (;;) {
    const entries = (await outbox.waiting(account)).slice(0, size);
    if (!entries.length) {
      failures = 0;
      say("idle");
      if (arrived) dispatchEvent(new Event("stride:arrived"));
      return;
    }
    if (!navigator.onLine) { say("offline"); return; }
    say("sending");
    const answer = await post(account, entries.map((entry) => entry.record));
    if (answer === null || answer.status >= 500 || answer.status === 429) return later(answer ? "busy" : "offline");
    if (answer.status === 401) { say("signed-out"); return; }
    if (answer.status === 409) { say("other-account"); return; }
    if (!answer.ok) {
      if (entries.length === 1) await outbox.refuse(entries[0].id, await problem(answer));
      size = Math.max(1, Math.floor(entries.length / 2));
      continue;
    }
    const { results } = await answer.json();
    if (!(await settle(entries, results))) return later("busy");
    arrived = true;
  }
}

/**
 * @param {outbox.Entry[]} entries
 * @param {{id: string, outcome: string, code: string, message: string}[]} results
 * @returns {Promise<boolean>} whether the server named at least one of them
 */
async function settle(entries, results) {
  const sent = new Set(entries.map((entry) => entry.id));
  const named = results.filter((result) => sent.has(result.id));
  const taken = new Set(named.filter((r) => r.outcome === "created" || r.outcome === "unchanged").map((r) => r.id));
  const gone = entries.filter((entry) => taken.has(entry.id));
  await plans.applyScreenings(gone.map((entry) => entry.record));
  await outbox.remove(gone);
  for (const result of named.filter((r) => r.outcome === "rejected")) {
    await outbox.refuse(result.id, { code: result.code, message: result.message });
  }
  return named.length > 0;
}

/** @param {string} account @param {object[]} records @returns {Promise<Response | null>} null without network */
async function post(account, records) {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    return await fetch("/api/v1/sync", {
      method: "POST", headers: { "Content-Type": "application/json" }, signal: stop.signal,
      body: JSON.stringify({ account_id: account, records }),
    });
  } catch {
    return null;
  } finally {
    clearTimeout(limit);
  }
}

/** @param {Response} answer */
async function problem(answer) {
  try {
    const { title, detail } = await answer.json();
    return { code: String(title), message: String(detail) };
  } catch {
    return { code: String(answer.status), message: "The server did not take this record." };
  }
}

/** @param {State} why */
function later(why) {
  say(why);
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++) * (0.75 + Math.random() / 2);
  clearTimeout(timer);
  timer = setTimeout(flush, wait);
}

/** @param {State} next */
function say(next) {
  state = next;
  dispatchEvent(new Event("stride:sync"));
}
