/**
 * Finds elements with `data-module` and connects the module of that name. Nothing else starts here, except that
 * patient pages watch the outbox and keep the app's shell on the phone.
 */

/** @type {Record<string, () => Promise<{connect: (element: any) => unknown}>>} */
const MODULES = {
  "body-map": () => import("/static/js/components/body-map.js"),
  "check-in-page": () => import("/static/js/patient/check-in-page.js"),
  "confirm": () => import("/static/js/components/confirm.js"),
  "error-summary": () => import("/static/js/components/error-summary.js"),
  "menu": () => import("/static/js/components/menu.js"),
  "offline-note": () => import("/static/js/components/offline-note.js"),
  "push-switch": () => import("/static/js/patient/push-switch.js"),
  "safety-groups": () => import("/static/js/components/safety-groups.js"),
  "session-page": () => import("/static/js/patient/session-page.js"),
  "sign-out": () => import("/static/js/patient/sign-out.js"),
  "sync-status": () => import("/static/js/patient/sync-status.js"),
  "time-zone": () => import("/static/js/components/time-zone.js"),
  "toast": () => import("/static/js/components/toast.js"),
  "today-page": () => import("/static/js/patient/today-page.js"),
};

for (const element of document.querySelectorAll("[data-module]")) {
  const load = MODULES[/** @type {HTMLElement} */ (element).dataset.module ?? ""];
  if (load) load().then((module) => module.connect(element)).catch(report);
}

if (document.body.matches(".app")) {
  import("/static/js/offline/sync.js").then((sync) => sync.start()).catch(report);
  import("/static/js/offline/worker.js").then((worker) => worker.start()).catch(report);
}

/** @param {unknown} error */
function report(error) {
  console.error(error);
}
