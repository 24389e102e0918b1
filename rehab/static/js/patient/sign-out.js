/**
 * Leaving takes everything off the phone; what was not sent yet would be lost, so that is said first.
 */
import * as outbox from "/static/js/offline/outbox.js";
import * as store from "/static/js/offline/store.js";
import * as sync from "/static/js/offline/sync.js";
import { count } from "/static/js/patient/days.js";
import { banner, button, h } from "/static/js/patient/dom.js";

/** @param {HTMLFormElement} form */
export function connect(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!navigator.onLine) return warn(form, "There is no network", "Signing out needs the network. Your phone keeps everything until then.");
    await sync.flush();
    const waiting = await outbox.everybody();
    if (!waiting.length) return leave(form);
    const things = count(waiting.length, "log is", "logs are");
    warn(form, "Not everything has arrived", `${things} only on this phone. If you sign out now, that is lost.`,
      button("Stay signed in", () => form.querySelector("[data-warning]")?.remove(), { kind: "secondary" }),
      button("Sign out and lose it", () => leave(form), { kind: "danger" }));
  });
}

/** @param {HTMLFormElement} form @param {string} title @param {string} words @param {...HTMLElement} buttons */
function warn(form, title, words, ...buttons) {
  form.querySelector("[data-warning]")?.remove();
  form.prepend(h("div.stack", { "data-warning": true }, banner("care", title, h("p", {}, words), h("div.cluster", {}, ...buttons))));
}

/** @param {HTMLFormElement} form */
async function leave(form) {
  await store.clear();
  const names = await globalThis.caches?.keys() ?? [];
  await Promise.all(names.map((name) => caches.delete(name)));
  form.submit();
}
