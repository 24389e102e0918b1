/**
 * Moves to the list of errors after a form came back, and from each entry to the first control of its question.
 * @param {HTMLElement} element the summary
 */
export function connect(element) {
  element.focus();
  element.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea") ?? target;
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    /** @type {HTMLElement} */ (control).focus({ preventScroll: true });
  });
}
