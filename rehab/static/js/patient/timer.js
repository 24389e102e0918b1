/**
 * Draws the ring of an exercise and gives the signals: a tone, a short buzz. Keeps the screen awake while it runs.
 */
import { h } from "/static/js/patient/dom.js";
import { length, moments, place } from "/static/js/patient/pacing.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = "stride-quiet";
/** @type {AudioContext | undefined} */
let audio;

/** Whether tones and buzzes are off on this phone. */
export const isQuiet = () => localStorage.getItem(QUIET) === "yes";

/** @param {boolean} quiet */
export const setQuiet = (quiet) => localStorage.setItem(QUIET, quiet ? "yes" : "no");

/**
 * A timer for one exercise, or null when it has no pace.
 * @param {Record<string, any>} exercise
 * @param {() => void} finished
 */
export function timer(exercise, finished) {
  const all = moments(exercise);
  if (!all.length) return null;
  const ring = circle("timer__ring", { pathLength: 100, "stroke-dasharray": 100, "stroke-dashoffset": 0, transform: "rotate(-90 60 60)" });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 120 120");
  svg.setAttribute("aria-hidden", "true");
  svg.append(circle("timer__track", {}), ring);
  const number = h("span.timer__number", {}, String(all[1]?.seconds ?? all[0].seconds));
  const word = h("span.timer__word", {}, `${Math.ceil(length(all) / 60)} min in all`);
  const live = h("p.visually-hidden", { "aria-live": "polite" });
  const element = h("div.timer", {}, svg, h("p.timer__words", { "aria-hidden": "true" }, number, word), live);
  let startedAt = 0;
  let kept = 0;
  let last = -1;
  let ticking = 0;
  const elapsed = () => kept + (startedAt ? (Date.now() - startedAt) / 1000 : 0);

  function draw() {
    if (!element.isConnected) return stop();
    const now = place(all, elapsed());
    if (!now) { stop(); signal(2); finished(); return; }
    const moment = all[now.index];
    number.textContent = String(Math.ceil(now.left));
    word.textContent = moment.detail ? `${moment.word} · ${moment.detail}` : moment.word;
    ring.setAttribute("stroke-dashoffset", String(100 * (1 - now.left / moment.seconds)));
    if (now.index !== last) {
      if (last >= 0) signal(moment.kind === "work" ? 1 : 0);
      if (moment.seconds >= 5) live.textContent = `${moment.word} ${moment.detail}`;
      last = now.index;
    }
  }
  function stop() {
    kept = elapsed();
    startedAt = 0;
    clearInterval(ticking);
    sleepAgain();
  }
  return {
    element,
    running: () => Boolean(startedAt),
    start() {
      if (startedAt) return;
      audio ??= new AudioContext();
      audio.resume().catch(() => {});
      startedAt = Date.now();
      ticking = window.setInterval(draw, 200);
      stayAwake();
      draw();
    },
    stop,
  };
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function circle(name, attributes) {
  const shape = document.createElementNS(SVG, "circle");
  for (const [key, value] of Object.entries({ class: name, cx: 60, cy: 60, r: 54, ...attributes })) shape.setAttribute(key, String(value));
  return shape;
}

/** @param {number} weight 0 let go, 1 work, 2 over */
function signal(weight) {
  if (isQuiet()) return;
  navigator.vibrate?.(weight === 2 ? [80, 60, 80] : 60);
  if (!audio) return;
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = [392, 523, 659][weight];
  loudness.gain.setValueAtTime(0.15, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.35);
}

/** @type {WakeLockSentinel | null} */
let lock = null;

async function stayAwake() {
  try {
    lock ??= await navigator.wakeLock?.request("screen") ?? null;
    lock?.addEventListener("release", () => { lock = null; }, { once: true });
  } catch { /* A low battery refuses it: the screen sleeps, the time runs on. */ }
}

function sleepAgain() {
  lock?.release().catch(() => {});
  lock = null;
}
