/**
 * Keeps the service worker fresh: register, notice that a new one waits, ask, switch, reload once.
 */

/** Begin after the page is drawn, so that the first visit is not slowed down. */
export function start() {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") register();
  else addEventListener("load", () => register(), { once: true });
}

async function register() {
  let registration;
  try {
    registration = await navigator.serviceWorker.register("/service-worker.js");
  } catch {
    return; // private windows have none; the pages work with network
  }
  reloadOnSwitch();
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

/** @param {ServiceWorker | null} worker */
function watch(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
  });
}

/** The first worker of a phone takes over silently; only a replaced one means a reload. */
function reloadOnSwitch() {
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
    controlled = true;
  });
}

/** @param {ServiceWorker} worker */
function offer(worker) {
  document.getElementById("update-ready")?.remove();
  const note = document.createElement("p");
  note.id = "update-ready";
  note.className = "toast cluster";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary";
  button.textContent = "Update";
  button.addEventListener("click", () => { button.disabled = true; worker.postMessage({ type: "use-update" }); });
  note.append("Update ready ", button);
  document.body.append(note);
}
