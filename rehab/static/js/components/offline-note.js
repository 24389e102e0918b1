/**
 * Shows the note while the browser knows that there is no network.
 * @param {HTMLElement} element
 */
export function connect(element) {
  const update = () => { element.hidden = navigator.onLine; };
  window.addEventListener("online", update);
  window.addEventListener("offline", update);
  update();
}
