/**
 * Closes an open menu on Escape and on a tap elsewhere.
 * @param {HTMLDetailsElement} element
 */
export function connect(element) {
  document.addEventListener("pointerdown", (event) => {
    if (!element.contains(/** @type {Node} */ (event.target))) element.open = false;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary")?.focus();
  });
}
