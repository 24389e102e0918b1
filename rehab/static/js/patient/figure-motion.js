/**
 * Moves the drawn body from its start to its end and back, by blending the numbers of its outlines.
 *
 * Does nothing for people who asked their phone for less motion: start, end and arrow stay visible together.
 */
const CYCLE_MS = 4200;
const NUMBER = /-?\d*\.?\d+/g;

/** @param {SVGElement} svg a picture with `data-from` outlines; moves while it is on the page */
export function move(svg) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const parts = [...svg.querySelectorAll("path[data-from]")].map((path) => blend(path)).filter((part) => part !== null);
  if (!parts.length) return;
  svg.classList.add("figure--moving");
  /** @param {number} now */
  const draw = (now) => {
    if (!svg.isConnected) return;
    const share = (1 - Math.cos((2 * Math.PI * (now % CYCLE_MS)) / CYCLE_MS)) / 2;
    for (const part of parts) part(share);
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}

/** @param {Element} path @returns {((share: number) => void) | null} null when the two outlines do not match */
function blend(path) {
  const to = path.getAttribute("d") ?? "";
  const ends = (to.match(NUMBER) ?? []).map(Number);
  const starts = ((path.getAttribute("data-from") ?? "").match(NUMBER) ?? []).map(Number);
  if (ends.length !== starts.length) return null;
  return (share) => {
    let index = 0;
    path.setAttribute("d", to.replace(NUMBER, (same) => {
      const [start, end] = [starts[index], ends[index]];
      index += 1;
      return start === end ? same : (start + (end - start) * share).toFixed(1); // an arc's flags must stay 0 or 1
    }));
  };
}
