/**
 * Says the name of the area under the finger or pointer. Choosing works without this file: the areas are labels.
 * @param {HTMLElement} element the fieldset
 */
export function connect(element) {
  const caption = /** @type {HTMLElement} */ (element.querySelector("[data-caption]"));
  caption.hidden = false;
  const say = (/** @type {Event} */ event) => {
    const spot = /** @type {Element} */ (event.target).closest("[data-region]");
    if (spot) caption.textContent = spot.querySelector("title")?.textContent ?? "";
  };
  element.addEventListener("pointerover", say);
  element.addEventListener("pointerdown", say);
}
