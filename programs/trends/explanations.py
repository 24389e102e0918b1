"""Which story fits a pain diary best: as usual, a flare that fades, or a rise that stays?

Every story is a row of hypotheses laid out flat: "the usual level", "day k of a flare of 5 or 12 days",
"day k of a rise of about two points, at once or over four weeks" and "risen for good". Each hypothesis
carries a weight and its own belief (mean, variance) about the person's usual level, so there is no fixed
baseline that goes stale. One day costs the same in year three as in week one. A day without a score
moves the calendar on and widens the doubt; it is never read as good or bad pain.

The numbers describe simulated diaries (``clinical/brief.md`` §7): a pilot must measure them again.
"""

from __future__ import annotations

from math import exp, log

POPULATION_MEAN, POPULATION_VARIANCE = 4.4, 1.9**2
CARRY_OVER = 0.38  # how much of yesterday's deviation is still there today
DRIFT = 0.05**2  # variance the usual level gains in a day
FLARES_A_DAY, RISES_A_DAY = 5 / 365, 1.2 / 365
SETTLING = 1 / 25  # share of settled rises that become the new usual, a day
SETTLING_DOUBT = 0.3
FLARE_DAYS, FLARE_PEAK = (5, 12), 2.7
RISE, RISE_RAMPS, SUDDEN_DAYS = 2.2, (0, 28), 10
CLEARLY_RISEN = 1.0  # a rise counts once it stands this many points above the usual
LONGEST_GAP = 14  # days after which yesterday's deviation is forgotten
FAINTEST = 1e-20
FAR_BELOW_ANY_LEVEL = -4.5  # from here one day cannot reach a level


def _flare_height(age: int, days: int) -> float:
    """Two days at the top, then straight down."""
    return FLARE_PEAK * (1.0 if age < 2 else 1.0 - (age - 1) / (days - 1))


def _rise_height(age: int, ramp: int) -> float:
    return RISE * min(1.0, (age + 1) / ramp) if ramp else RISE


CHAINS: tuple[tuple[float, ...], ...] = (
    *(tuple(_flare_height(age, days) for age in range(days)) for days in FLARE_DAYS),
    *(tuple(_rise_height(age, ramp) for age in range(max(SUDDEN_DAYS, ramp))) for ramp in RISE_RAMPS),
)
HEIGHTS: tuple[float, ...] = (0.0, *(height for chain in CHAINS for height in chain), RISE)
COUNT = len(HEIGHTS)
SETTLED = COUNT - 1
SHORT, LONG, SUDDEN, SLOW = (1 + sum(len(chain) for chain in CHAINS[:n]) for n in range(4))
SLOW_RISEN = next(i for i in range(SLOW, SETTLED) if HEIGHTS[i] >= CLEARLY_RISEN - 1e-9)


def _heights_before(gap: int) -> list[float]:
    """What each hypothesis stood above the usual ``gap`` days ago."""
    before = []
    for i, height in enumerate(HEIGHTS):
        start = max((s for s in (SHORT, LONG, SUDDEN, SLOW) if s <= i), default=0)
        is_chain = 0 < i < SETTLED
        before.append((HEIGHTS[i - gap] if i - gap >= start else 0.0) if is_chain else height)
    return before


def _expected(gap: int) -> list[float]:
    """Height above the usual, less what the last score, ``gap`` days ago, already told."""
    return [now - CARRY_OVER**gap * before for now, before in zip(HEIGHTS, _heights_before(gap), strict=True)]


#: Index 0 is "no score yet", 1 to LONGEST_GAP the days since the last one.
EXPECTED: list[list[float]] = [list(HEIGHTS)] + [_expected(gap) for gap in range(1, LONGEST_GAP + 1)]
CARRIED: list[float] = [0.0] + [CARRY_OVER**gap for gap in range(1, LONGEST_GAP + 1)]


class Beliefs:
    """Weights, means and variances of all hypotheses, and the last score. ``odds`` are log-odds of a lasting rise."""

    __slots__ = ("gap", "last", "means", "odds", "variances", "weights")

    def __init__(self) -> None:
        self.weights = [1.0] + [FAINTEST] * (COUNT - 1)
        self.means = [POPULATION_MEAN] * COUNT
        self.variances = [POPULATION_VARIANCE] * COUNT
        self.last: float | None = None
        self.gap = 0
        self.odds = _log_odds(self.weights)

    def copy(self) -> Beliefs:
        """An independent copy."""
        twin = Beliefs.__new__(Beliefs)
        twin.weights, twin.means, twin.variances = self.weights[:], self.means[:], self.variances[:]
        twin.last, twin.gap, twin.odds = self.last, self.gap, self.odds
        return twin


def wait(beliefs: Beliefs) -> None:
    """A day passed without a score."""
    _pass_a_day(beliefs)
    beliefs.variances = [variance + DRIFT for variance in beliefs.variances]
    beliefs.odds = _log_odds(beliefs.weights)


def weigh(beliefs: Beliefs, score: float, spread: float) -> float:
    """A day passed and brought ``score``; ``spread`` is the person's own day-to-day SD.

    Returns the log-odds for judging the day: the best over this and all lower scores. Far above a rise of two
    points a new flare explains a day better than a rise does, and a worse day must never look calmer.
    """
    _pass_a_day(beliefs)
    expected = _log_odds(beliefs.weights)
    gap = 0 if beliefs.last is None else min(beliefs.gap, LONGEST_GAP)
    carried = CARRIED[gap]
    surprise = score - carried * (beliefs.last or 0.0)
    hold = 1.0 - carried
    noise = spread * spread * (1.0 - carried * carried)
    hold_squared, log_of = hold * hold, log
    means: list[float] = []
    variances: list[float] = []
    errors: list[float] = []
    widths: list[float] = []
    fits: list[float] = []
    for mean, variance, height in zip(beliefs.means, beliefs.variances, EXPECTED[gap], strict=True):
        variance += DRIFT
        error = surprise - height - hold * mean
        width = hold_squared * variance + noise
        gain = variance * hold / width
        means.append(mean + gain * error)
        variances.append((1.0 - gain * hold) * variance)
        errors.append(error)
        widths.append(width)
        fits.append(log_of(width) + error * error / width)
    prior = beliefs.weights
    best = min(fits)
    weights = [weight * exp(0.5 * (best - fit)) for weight, fit in zip(prior, fits, strict=True)]
    total = sum(weights)
    beliefs.weights = [weight / total if weight > FAINTEST * total else FAINTEST for weight in weights]
    beliefs.means, beliefs.variances = means, variances
    beliefs.last, beliefs.gap = score, 0
    beliefs.odds = odds = _log_odds(beliefs.weights)
    if expected > FAR_BELOW_ANY_LEVEL and errors[0] > 0.5:
        return max(odds, _best_lower(prior, errors, widths, score))
    return odds


def _best_lower(prior: list[float], errors: list[float], widths: list[float], score: float) -> float:
    """The highest log-odds any lower score would have given (on a fixed grid, down to the usual level)."""
    best = -1e300
    step = 0.25
    lower = int(score / step) * step
    while lower > score - errors[0]:
        drop = score - lower
        fits = [log(width) + (error - drop) ** 2 / width for error, width in zip(errors, widths, strict=True)]
        top = min(fits)
        best = max(best, _log_odds([weight * exp(0.5 * (top - fit)) for weight, fit in zip(prior, fits, strict=True)]))
        lower -= step
    return best


def _log_odds(weights: list[float]) -> float:
    risen = sum(weights[SUDDEN:SLOW]) + sum(weights[SLOW_RISEN:])
    share = min(max(risen / sum(weights), 1e-9), 1 - 1e-6)
    return log(share / (1.0 - share))


def _pass_a_day(beliefs: Beliefs) -> None:
    """Every hypothesis grows a day older; flares end, rises settle, new ones may start."""
    beliefs.gap += 1
    weights, means, variances = beliefs.weights, beliefs.means, beliefs.variances
    usual, mean, variance = weights[0], means[0], variances[0]
    flare, rise = usual * (FLARES_A_DAY / 2), usual * (RISES_A_DAY / 2)
    calm = _blend(
        (usual * (1 - FLARES_A_DAY - RISES_A_DAY), weights[LONG - 1], weights[SUDDEN - 1], weights[SETTLED] * SETTLING),
        (mean, means[LONG - 1], means[SUDDEN - 1], means[SETTLED] + RISE),
        (variance, variances[LONG - 1], variances[SUDDEN - 1], variances[SETTLED] + SETTLING_DOUBT),
    )
    settled = _blend(
        (weights[SETTLED] * (1 - SETTLING), weights[SLOW - 1], weights[SETTLED - 1]),
        (means[SETTLED], means[SLOW - 1], means[SETTLED - 1]),
        (variances[SETTLED], variances[SLOW - 1], variances[SETTLED - 1]),
    )
    beliefs.weights = _aged(weights, calm[0], settled[0], flare, rise)
    beliefs.means = _aged(means, calm[1], settled[1], mean, mean)
    beliefs.variances = _aged(variances, calm[2], settled[2], variance, variance)


def _aged(row: list[float], first: float, last: float, flare: float, rise: float) -> list[float]:
    return [
        first,
        flare, *row[SHORT : LONG - 1],
        flare, *row[LONG : SUDDEN - 1],
        rise, *row[SUDDEN : SLOW - 1],
        rise, *row[SLOW : SETTLED - 1],
        last,
    ]  # fmt: skip


def _blend(
    weights: tuple[float, ...], means: tuple[float, ...], variances: tuple[float, ...]
) -> tuple[float, float, float]:
    """Weight, mean and variance of several hypotheses taken as one."""
    weight = sum(weights)
    mean = sum([w * m for w, m in zip(weights, means, strict=True)]) / weight
    variance = sum([w * (v + (m - mean) ** 2) for w, m, v in zip(weights, means, variances, strict=True)]) / weight
    return weight, mean, variance
