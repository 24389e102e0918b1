/**
 * Which day was it? Today unless said otherwise; up to two weeks back.
 */
import { isoDay, shift, shortDay } from "/static/js/patient/days.js";
import { h } from "/static/js/patient/dom.js";

const DAYS_BACK = 14;

/** A choice of the last days; its `performed_on` is the day's date. */
export function dayChoice() {
  const today = isoDay(new Date());
  const days = Array.from({ length: DAYS_BACK + 1 }, (_, back) => shift(today, -back));
  return h("div.field", {}, h("label.field__label", { for: "performed_on" }, "Which day was it?"),
    h("select.field__input", { id: "performed_on", name: "performed_on" },
      days.map((day) => h("option", { value: day }, shortDay(day, today)))));
}
