/**
 * Keeps the shell of the app on the phone. The server puts `self.FACTS` (version, assets, shells) before this text.
 *
 * Never kept: anything personal. The shells are the same for everybody; the plan and the outbox live in IndexedDB.
 */
const { version, assets, shells } = self.FACTS;
const ASSETS = "assets-" + version;
const SHELLS = "shells";
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => { if (event.data?.type === "use-update") self.skipWaiting(); });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (/^\/static\/[0-9a-f]{12}\//.test(url.pathname)) event.respondWith(asset(request));
});

async function install() {
  const cache = await caches.open(ASSETS);
  await cache.addAll(assets);
  await Promise.all(shells.map(refreshShell));
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== ASSETS && name !== SHELLS).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** A shell that needs a sign-in or another step first answers with a redirect: then there is nothing to keep yet. */
async function refreshShell(path) {
  try {
    await keepShell(path, await fetch(path, { cache: "no-store" }));
  } catch { /* Without network the old one stays. */ }
}

/** A page that carries a message of the last step ("Saved.") is not the same for everybody: it is not kept. */
async function keepShell(path, response) {
  if (!response.ok || response.redirected || (await response.clone().text()).includes('class="flashes')) return;
  await (await caches.open(SHELLS)).put(path, response);
}

/** Network first; after three seconds, or without network, the kept shell; for other pages a word about it. */
async function page(event, path) {
  const kept = shells.includes(path) ? await caches.match(path, { cacheName: SHELLS }) : undefined;
  const answer = fetch(event.request).then((response) => {
    if (shells.includes(path)) event.waitUntil(keepShell(path, response.clone()));
    return response;
  });
  if (!kept) return answer.catch(() => fallback());
  event.waitUntil(answer.catch(() => {}));
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, kept.clone()); });
  return Promise.race([answer.then((response) => (response.status >= 500 ? kept : response)), patience]).catch(() => kept);
}

async function fallback() {
  return (await caches.match("/offline", { cacheName: SHELLS })) ?? new Response(
    "There is no network. Please try again later.", { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } },
  );
}

/** The address holds a hash of the content, so what is kept is right for ever. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    // A shell kept by the last worker asks for the last file: today's is what the server would send, too.
    const name = new URL(request.url).pathname.slice("/static/".length + 12);
    const today = await caches.match(assets.find((path) => path.endsWith(name)) ?? request);
    if (today) return today;
    throw error;
  }
  if (response.ok && response.headers.get("Cache-Control")?.includes("immutable")) {
    const copy = response.clone();
    caches.open(ASSETS).then((cache) => cache.put(request, copy));
  }
  return response;
}

// --- Waking up for the outbox, where the browser can ---

self.addEventListener("sync", (event) => { if (event.tag === "stride-outbox") event.waitUntil(wake()); });

/** An open page sends for itself; with none open the worker sends what waits. */
async function wake() {
  const pages = await self.clients.matchAll({ type: "window" });
  if (pages.length) pages.forEach((page) => page.postMessage({ type: "flush" }));
  else await self.navigator.locks.request("stride-sync", sendWaiting);
}

async function sendWaiting() {
  const opening = indexedDB.open("stride", 1);
  opening.onupgradeneeded = () => opening.transaction.abort(); // nothing was ever logged here: leave no empty store behind
  const db = await request(opening).catch(() => null);
  if (!db) return;
  try {
    const read = db.transaction(["outbox", "kept"]);
    const [entries, kept] = await Promise.all([
      request(read.objectStore("outbox").getAll()), request(read.objectStore("kept").get("plan")),
    ]);
    const account = kept?.plan.account_id;
    const mine = entries.filter((entry) => entry.account_id === account && !entry.refused);
    mine.sort((a, b) => a.put_at - b.put_at || a.order - b.order);
    for (let i = 0; i < mine.length; i += 50) await sendBatch(db, account, mine.slice(i, i + 50));
  } finally {
    db.close();
  }
}

async function sendBatch(db, account, entries) {
  const answer = await fetch("/api/v1/sync", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account_id: account, records: entries.map((entry) => entry.record) }),
  });
  if (answer.status >= 500) throw new Error("try again later");
  if (!answer.ok) return; // the page explains it at the next visit
  const { results } = await answer.json();
  const taken = results.filter((result) => result.outcome === "created" || result.outcome === "unchanged");
  const store = db.transaction("outbox", "readwrite").objectStore("outbox");
  await Promise.all(taken.map((result) => request(store.delete(result.id))));
}

function request(wanted) {
  return new Promise((resolve, reject) => {
    wanted.onsuccess = () => resolve(wanted.result);
    wanted.onerror = () => reject(wanted.error);
  });
}

// --- Notifications ---

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data?.links?.[event.action] ?? event.notification.data?.url ?? "/today"));
});

/** A browser that gets a push without showing something takes the permission away, so something is always shown. */
function show(data) {
  let said = {};
  try { said = data?.json() ?? {}; } catch { said = { body: data?.text() }; }
  const actions = said.actions ?? [];
  return self.registration.showNotification(said.title ?? "Stride", {
    body: said.body ?? "", tag: said.tag ?? said.kind, icon: assets.find((path) => path.endsWith("icon-192.png")),
    actions: actions.map(({ action, title }) => ({ action, title })),
    data: { url: said.url, links: Object.fromEntries(actions.map(({ action, url }) => [action, url])) },
  });
}

/** Only pages of our own; an open window is used again. */
async function openPage(address) {
  const url = new URL(address, self.location.origin);
  const target = url.origin === self.location.origin ? url.href : self.location.origin + "/today";
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(target);
  await open.focus();
  return open.navigate(target).catch(() => self.clients.openWindow(target));
}
