/**
 * Closes the second look by its button or the Escape key and gives the focus back.
 * @param {HTMLDetailsElement} element
 */
export function connect(element) {
  const summary = /** @type {HTMLElement} */ (element.querySelector("summary"));
  const button = /** @type {HTMLElement | null} */ (element.querySelector("[data-close]"));
  const close = () => {
    element.open = false;
    summary.focus();
  };
  if (button) {
    button.hidden = false;
    button.addEventListener("click", close);
  }
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && element.open) close();
  });
}
