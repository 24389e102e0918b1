/**
 * "No to all of these": one tap answers what is still open in a group of safety questions. A given "yes" stays a yes.
 * @param {HTMLElement} element the form
 */
export function connect(element) {
  for (const button of element.querySelectorAll("[data-no-to-all]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const group = button.closest("section, article, .card") ?? element;
      for (const radio of group.querySelectorAll('input[type="radio"][value="no"]')) {
        if (!(radio instanceof HTMLInputElement)) continue;
        const answered = group.querySelector(`input[name="${radio.name}"]:checked`);
        if (!answered) radio.checked = true;
      }
      const next = group.nextElementSibling;
      next?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    });
  }
}
