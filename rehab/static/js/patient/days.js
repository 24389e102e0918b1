/**
 * Days and doses in words. A person's day is the phone's calendar day.
 */
const DAY = 86400000;

/** `YYYY-MM-DD` of the phone's calendar. @param {Date} date */
export function isoDay(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @param {string} day @param {number} by days */
export function shift(day, by) {
  return new Date(Date.parse(`${day}T12:00:00Z`) + by * DAY).toISOString().slice(0, 10);
}

/** Monday is 0. @param {string} day */
export function weekday(day) {
  return (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** "Wednesday 18 November". @param {string} day */
export function longDay(day) {
  return words(day, { weekday: "long", day: "numeric", month: "long" });
}

/** "Wed 18 Nov", "Today" or "Yesterday". @param {string} day @param {string} today */
export function shortDay(day, today) {
  if (day === today) return "Today";
  return day === shift(today, -1) ? "Yesterday" : words(day, { weekday: "short", day: "numeric", month: "short" });
}

/** An instant with the phone's offset, as the server wants it. @param {Date} date */
export function instant(date) {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const offset = `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${isoDay(date)}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${offset}`;
}

/** "2 × 8, hold 5 seconds". @param {Record<string, any>} exercise */
export function dose({ sets, repetitions, hold_seconds: hold }) {
  const many = sets > 1 ? `${sets} × ` : "";
  if (repetitions === 1 && hold) return `${many}${seconds(hold)}`;
  const times = sets > 1 ? `${many}${repetitions}` : repetitions === 1 ? "once" : `${repetitions} times`;
  return hold ? `${times}, hold ${seconds(hold)}` : times;
}

/** @param {number} count */
function seconds(count) {
  if (count >= 60 && count % 60 === 0) return count === 60 ? "1 minute" : `${count / 60} minutes`;
  return count === 1 ? "1 second" : `${count} seconds`;
}

/** @param {number} number @param {string} one @param {string} [many] */
export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** @param {string} day @param {Intl.DateTimeFormatOptions} options */
function words(day, options) {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", { timeZone: "UTC", ...options }).replace(",", "");
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");
