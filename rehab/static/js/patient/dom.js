/**
 * Builds elements without strings of markup, so that nothing a person typed can become markup.
 */

/**
 * @param {string} tag `"p.soft.small"` makes a paragraph with two classes
 * @param {Record<string, any>} [attributes] `onclick` and the like are listeners; null and false leave one out
 * @param {...any} children elements, text, lists of them; null and false are left out
 * @returns {any} the element
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the page's own set, from `<template id="icon-…">`. @param {string} name */
export function icon(name) {
  const template = document.getElementById(`icon-${name}`);
  return template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : "";
}

/** @param {string} text @param {(event: Event) => unknown} onclick @param {{kind?: string, wide?: boolean, picture?: string, [attribute: string]: any}} [options] */
export function button(text, onclick, { kind = "primary", wide = false, picture = "", ...attributes } = {}) {
  const classes = `button.button--${kind}${wide ? ".button--wide" : ""}`;
  return h(`button.${classes}`, { type: "button", onclick, ...attributes }, picture && icon(picture), h("span", {}, text));
}

/** @param {string} text @param {string} href @param {{kind?: string, wide?: boolean, picture?: string}} [options] */
export function link(text, href, { kind = "primary", wide = false, picture = "" } = {}) {
  return h(`a.button.button--${kind}${wide ? ".button--wide" : ""}`, { href }, picture && icon(picture), h("span", {}, text));
}

/** The words of a plan's picture as a drawing. @param {string} svg */
export function figure(svg) {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return drawing.nodeName === "svg" ? document.importNode(drawing, true) : "";
}

/** @param {string} kind info, success, care, urgent, emergency @param {string} title @param {...any} children */
export function banner(kind, title, ...children) {
  const picture = { success: "check", info: "i" }[kind] ?? kind;
  return h(`div.banner.banner--${kind}`, { role: kind === "urgent" || kind === "emergency" ? "alert" : null }, icon(picture),
    h("div.banner__body.stack", {}, title && h("h2.banner__title", {}, title), ...children));
}

/** @param {string} tone "", pine, care, sunk @param {string} title @param {...any} children */
export function card(tone, title, ...children) {
  return h(`section.card${tone ? `.card--${tone}` : ""}`, {}, title && h("h2.card__title", {}, h("span", {}, title)), ...children);
}

/**
 * Eleven numbers to tap, none chosen unless one is given.
 * @param {string} name
 * @param {string} legend
 * @param {{value?: number | null, low?: string, high?: string, hint?: string, onchange?: (value: number) => void}} [options]
 */
export function scale(name, legend, { value = null, low = "no pain", high = "worst pain", hint = "", onchange } = {}) {
  const steps = Array.from({ length: 11 }, (_, number) => {
    const id = `${name}-${number}`;
    const end = number === 0 ? low : number === 10 ? high : "";
    return h(`div.scale__step.scale__step--${number}`, {},
      h("input.scale__input", { type: "radio", id, name, value: number, checked: value === number,
        onchange: () => onchange?.(number) }),
      h("label.scale__label", { for: id }, String(number), end && h("span.visually-hidden", {}, ` ${end}`)));
  });
  return h("fieldset.field.scale", { id: name, "data-scale": name },
    h("legend.field__label", {}, legend), hint && h("p.field__hint", {}, hint),
    h("div.scale__row", {}, steps),
    h("p.scale__ends", {}, h("span", {}, `0 ${low}`), h("span", {}, `10 ${high}`)));
}

/** The number chosen on a scale inside `root`, or null. @param {ParentNode} root @param {string} name */
export function chosen(root, name) {
  const input = /** @type {HTMLInputElement | null} */ (root.querySelector(`input[name="${name}"]:checked`));
  return input ? Number(input.value) : null;
}

/** Say beside a field what is missing and move there. @param {HTMLElement} field @param {string} words */
export function complain(field, words) {
  settleField(field);
  field.classList.add("field--error");
  field.querySelector("legend, label")?.after(h("p.field__error", { role: "alert" }, words));
  field.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (field.querySelector("input, textarea"))?.focus({ preventScroll: true });
}

/** @param {HTMLElement} field */
export function settleField(field) {
  field.classList.remove("field--error");
  field.querySelector(".field__error")?.remove();
}

/** @param {string} summary @param {...any} children */
export function details(summary, ...children) {
  return h("details.details", {}, h("summary.details__summary", {}, summary), h("div.details__body.stack", {}, ...children));
}

/** @param {string} name @param {string} label @param {Record<string, any>} attributes */
export function field(name, label, attributes = {}) {
  return h("div.field", {}, h("label.field__label", { for: name }, label), h("input.field__input", { id: name, name, ...attributes }));
}

/** @param {string} name @param {string} label @param {string} [value] */
export function note(name, label, value = "") {
  const area = h("textarea.field__input", { id: name, name, rows: 3, maxlength: 2000 });
  area.value = value;
  return h("div.field", {}, h("label.field__label", { for: name }, label, h("span.field__optional", {}, " (optional)")), area);
}

/** The text of a field inside `root`. @param {ParentNode} root @param {string} name */
export function text(root, name) {
  const input = /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (root.querySelector(`[name="${name}"]`));
  return input?.value.trim() ?? "";
}
