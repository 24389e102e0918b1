const SHOWN_FOR = 5000;
let timer = 0;

/**
 * Shows a short word for five seconds. Screen readers hear it because the element has the role "status".
 * @param {string} text
 * @param {string} [id]
 */
export function show(text, id = "toast") {
  const element = document.getElementById(id);
  if (!element) return;
  element.textContent = text;
  element.hidden = false;
  clearTimeout(timer);
  timer = window.setTimeout(() => { element.hidden = true; }, SHOWN_FOR);
}

/** @param {HTMLElement} element a toast that came with text */
export function connect(element) {
  if (element.textContent) show(element.textContent, element.id);
}
