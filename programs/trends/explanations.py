"""Which story fits a pain diary best: as usual, a flare that fades, or a rise that stays?

Every story is a row of hypotheses laid out flat: "the usual level", "day k of a flare of 5 or 12 days",
"day k of a rise of about two points, at once or over four weeks" and "risen for good". Each hypothesis
carries a weight and its own belief about the person's usual level, so there is no fixed baseline that goes
stale; how unsure these beliefs are is one number for all. (A number for each, measured on 2,000 simulated
diaries, found no more and cost twice the time.) One day costs the same in year three as in week one. A day
without a score moves the calendar on and widens the doubt; it is never read as good or bad pain.

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
TOO_SMALL = 1e-60  # weights are scaled up again below this total
SURPRISING = 0.5  # points above the usual from which a day may look calmer than it is, see _best_lower
GRID = 0.25


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
    """Weights and means of all hypotheses, their common doubt, the last score; ``odds`` of a rise that stays (log)."""

    __slots__ = ("doubt", "gap", "last", "means", "odds", "weights")

    def __init__(self) -> None:
        self.weights = [1.0] + [0.0] * (COUNT - 1)
        self.means = [POPULATION_MEAN] * COUNT
        self.doubt = POPULATION_VARIANCE
        self.last: float | None = None
        self.gap = 0
        self.odds = _log_odds(self.weights)

    def copy(self) -> Beliefs:
        """An independent copy."""
        twin = Beliefs.__new__(Beliefs)
        twin.weights, twin.means, twin.doubt = self.weights, self.means, self.doubt  # lists are replaced, never changed
        twin.last, twin.gap, twin.odds = self.last, self.gap, self.odds
        return twin


def wait(beliefs: Beliefs) -> float:
    """A day passed without a score. Returns the log-odds of a lasting rise."""
    _pass_a_day(beliefs)
    beliefs.odds = odds = _log_odds(beliefs.weights)
    return odds


def weigh(beliefs: Beliefs, score: float, spread: float) -> float:
    """A day passed and brought ``score``; ``spread`` is the person's own day-to-day SD.

    Returns the log-odds for judging the day: the best over this and all lower scores. Far above a rise of two
    points a new flare explains a day better than a rise does, and a worse day must never look calmer.
    """
    _pass_a_day(beliefs)
    last = beliefs.last
    gap = 0 if last is None else min(beliefs.gap, LONGEST_GAP)
    carried = CARRIED[gap]
    surprise = score - carried * (last or 0.0)
    hold = 1.0 - carried
    noise = spread * spread * (1.0 - carried * carried)
    width = hold * hold * beliefs.doubt + noise
    gain = beliefs.doubt * hold / width
    bend = -0.5 / width
    means, bell = beliefs.means, exp
    errors = [surprise - height - hold * mean for height, mean in zip(EXPECTED[gap], means)]  # noqa: B905
    weights = [weight * bell(bend * error * error) for weight, error in zip(beliefs.weights, errors)]  # noqa: B905
    if sum(weights) < TOO_SMALL:
        weights = _scaled(beliefs.weights, errors, bend)
    beliefs.means = [mean + gain * error for mean, error in zip(means, errors)]  # noqa: B905
    beliefs.weights = weights
    beliefs.doubt *= noise / width
    beliefs.last, beliefs.gap = score, 0
    beliefs.odds = odds = _log_odds(weights)
    if errors[0] > SURPRISING and _falls_with_pain(weights, errors):
        return max(odds, _best_lower(weights, errors, score=score, width=width))
    return odds


def _scaled(weights: list[float], errors: list[float], bend: float) -> list[float]:
    """The new weights, brought back to a total of one, for a score far from everything expected."""
    logs = [log(max(weight, 1e-300)) + bend * error * error for weight, error in zip(weights, errors, strict=True)]
    top = max(logs)
    scaled = [exp(value - top) for value in logs]
    total = sum(scaled)
    return [value / total for value in scaled]


def _falls_with_pain(weights: list[float], errors: list[float]) -> bool:
    """Whether a slightly higher score would lower the odds: the rises expected less pain than their rivals did."""
    pulls = [weight * error for weight, error in zip(weights, errors, strict=True)]
    risen, pull = _risen(weights), _risen(pulls)
    others = sum(weights) - risen
    return pull * others > (sum(pulls) - pull) * risen


def _best_lower(weights: list[float], errors: list[float], *, score: float, width: float) -> float:
    """The highest log-odds that a lower score would have given, on a fixed grid down to the usual level."""
    best = -1e300
    lower = int(score / GRID) * GRID
    while lower > score - errors[0]:
        tilt = (score - lower) / width
        best = max(best, _log_odds([weight * exp(tilt * error) for weight, error in zip(weights, errors, strict=True)]))
        lower -= GRID
    return best


def _risen(row: list[float]) -> float:
    return sum(row[SUDDEN:SLOW]) + sum(row[SLOW_RISEN:])


def _log_odds(weights: list[float]) -> float:
    share = (sum(weights[SUDDEN:SLOW]) + sum(weights[SLOW_RISEN:])) / sum(weights)
    share = 1e-9 if share < 1e-9 else min(share, 1 - 1e-6)
    return log(share / (1.0 - share))


def _pass_a_day(beliefs: Beliefs) -> None:
    """Every hypothesis grows a day older; flares end, rises settle, new ones may start.

    What ends in the same place becomes one hypothesis, and what lay between the means goes into the doubt.
    """
    beliefs.gap += 1
    weights, means = beliefs.weights, beliefs.means
    usual, mean = weights[0], means[0]
    stays, short, long, back = usual * _STAYS, weights[LONG - 1], weights[SUDDEN - 1], weights[SETTLED] * SETTLING
    short_mean, long_mean, back_mean = means[LONG - 1], means[SUDDEN - 1], means[SETTLED] + RISE
    calm = stays + short + long + back
    calm_mean = (stays * mean + short * short_mean + long * long_mean + back * back_mean) / calm if calm else mean
    held, sudden, slow = weights[SETTLED] - back, weights[SLOW - 1], weights[SETTLED - 1]
    held_mean, sudden_mean, slow_mean = means[SETTLED], means[SLOW - 1], means[SETTLED - 1]
    risen = held + sudden + slow
    risen_mean = (held * held_mean + sudden * sudden_mean + slow * slow_mean) / risen if risen else held_mean
    apart = (
        stays * (mean - calm_mean) ** 2 + short * (short_mean - calm_mean) ** 2 + long * (long_mean - calm_mean) ** 2
        + back * ((back_mean - calm_mean) ** 2 + SETTLING_DOUBT) + held * (held_mean - risen_mean) ** 2
        + sudden * (sudden_mean - risen_mean) ** 2 + slow * (slow_mean - risen_mean) ** 2
    )  # fmt: skip
    beliefs.doubt += DRIFT + apart / sum(weights)
    beliefs.weights = _aged(weights, calm, risen, usual * _FLARE_STARTS, usual * _RISE_STARTS)
    beliefs.means = _aged(means, calm_mean, risen_mean, mean, mean)


_STAYS = 1 - FLARES_A_DAY - RISES_A_DAY
_FLARE_STARTS, _RISE_STARTS = FLARES_A_DAY / len(FLARE_DAYS), RISES_A_DAY / len(RISE_RAMPS)


def _aged(row: list[float], first: float, last: float, flare: float, rise: float) -> list[float]:
    return [
        first,
        flare, *row[SHORT : LONG - 1],
        flare, *row[LONG : SUDDEN - 1],
        rise, *row[SUDDEN : SLOW - 1],
        rise, *row[SLOW : SETTLED - 1],
        last,
    ]  # fmt: skip
