/**
 * What waits to be sent. A record is on the phone's disk before any network is tried, belongs to the account that
 * made it, and leaves only when the server named its id.
 */
import * as store from "/static/js/offline/store.js";

const LOGGED_DAYS = 28;
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("stride-outbox") : null;
let made = 0;

/**
 * @typedef {{id: string, kind: string, performed_on: string, [field: string]: any}} LogRecord
 * @typedef {{id: string, account_id: string, record: LogRecord, put_at: number, order: number,
 *   refused: null | {code: string, message: string}}} Entry
 */

/**
 * Keep records, all or none.
 * @param {string} accountId
 * @param {LogRecord[]} records
 */
export async function put(accountId, records) {
  const entries = records.map((record) => (
    { id: record.id, account_id: accountId, record, put_at: Date.now(), order: made++, refused: null }
  ));
  const logged = entries.filter((entry) => entry.record.kind !== "screening");
  await store.put({ outbox: entries, logged });
  navigator.storage?.persist?.().catch(() => {});
  changed();
}

/** What may be sent for this account, oldest first. @param {string} accountId @returns {Promise<Entry[]>} */
export async function waiting(accountId) {
  return (await mine(accountId)).filter((entry) => !entry.refused);
}

/** What the server did not take. @param {string} accountId @returns {Promise<Entry[]>} */
export async function refused(accountId) {
  return (await mine(accountId)).filter((entry) => entry.refused);
}

/** @returns {Promise<Entry[]>} entries of every account of this phone, oldest first */
export async function everybody() {
  const entries = /** @type {Entry[]} */ (await store.all("outbox"));
  return entries.sort((a, b) => a.put_at - b.put_at || a.order - b.order);
}

/** @param {string} accountId */
async function mine(accountId) {
  return (await everybody()).filter((entry) => entry.account_id === accountId);
}

/** Forget exactly these, unless one was put again meanwhile. @param {Entry[]} entries */
export async function remove(entries) {
  if (!entries.length) return;
  await store.removeSame("outbox", entries, ["put_at", "order"]);
  changed();
}

/** Keep it, visible, with the server's reason. @param {string} id @param {{code: string, message: string}} reason */
export async function refuse(id, reason) {
  await store.change("outbox", id, { refused: reason });
  changed();
}

/** The person chose to let a refused record go. @param {string} id */
export async function discard(id) {
  await store.remove("logged", [id]);
  await store.remove("outbox", [id]);
  changed();
}

/**
 * What was logged on this phone lately and not corrected since, newest first.
 * @param {string} accountId
 * @returns {Promise<LogRecord[]>}
 */
export async function logged(accountId) {
  const entries = /** @type {Entry[]} */ (await store.all("logged"));
  const old = entries.filter((entry) => Date.now() - entry.put_at > LOGGED_DAYS * 86400000).map((entry) => entry.id);
  if (old.length) await store.remove("logged", old);
  const corrected = new Set(entries.map((entry) => entry.record.corrects_id));
  return entries
    .filter((entry) => entry.account_id === accountId && !corrected.has(entry.id) && !old.includes(entry.id))
    .sort((a, b) => b.put_at - a.put_at || b.order - a.order)
    .map((entry) => entry.record);
}

/** Hear about changes made here or in another tab. @param {() => void} listener */
export function onChange(listener) {
  addEventListener("stride:outbox", listener);
  channel?.addEventListener("message", listener);
}

function changed() {
  dispatchEvent(new Event("stride:outbox"));
  channel?.postMessage("changed");
}
