/**
 * Fills the hidden time_zone field with the phone's own zone, so that days and reminders are right.
 * @param {HTMLElement} element the form
 */
export function connect(element) {
  const field = element.querySelector('[name="time_zone"]');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field instanceof HTMLInputElement && zone) field.value = zone;
}
