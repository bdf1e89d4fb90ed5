"""Do the formulas with arrays say the same as the functions that the daemon calls?"""

from __future__ import annotations

from itertools import product

import numpy as np

from collector.alerts.chance.alarms import alarms, episode_starts
from collector.alerts.chance.model import Draw, fit
from collector.alerts.chance.past import CERTAIN, Past
from collector.alerts.chance.paths import Path
from collector.alerts.chance.threshold import threshold_at
from collector.alerts.surge import Surge, SurgeWeeks

from . import many_fits, many_rules
from .cells import RULES
from .many_surges import ManySurges
from .many_thresholds import WARM, thresholds
from .worlds import SIGHTS, Lives, World, live

FIRES_BELOW = 0.02
"""A threshold at which a surge fires now and then, so that what alarms change is compared too."""


def differences(series: int, noise: np.random.Generator) -> list[str]:
    """Return what differs in so many series of each kind of world; nothing should."""
    found: list[str] = []
    for sight, bursts in product(SIGHTS, (False, True)):
        world = World(0.6, 1.0, bursts, 60, sight)
        lives = live(world, series, noise)
        found += [f"{sight}: {each}" for each in _in_world(world, lives)]
        found += [f"{sight}: {each}" for each in _of_surges(world, lives)]
    return found


def _in_world(world: World, lives: Lives) -> list[str]:
    found = []
    counts, shares = lives.counts[:, : world.past], lives.shares[:, : world.past]
    fits = many_fits.fit(counts, shares)
    after = _after(lives, world.past)
    masks = {rule.name: many_rules.fired(rule, after) for rule in RULES}
    for row in range(len(lives.shares)):
        times = lives.at[lives.row == row]
        early = times[times < world.past].tolist()
        late = (times[times >= world.past] - world.past).tolist()
        past = Past(tuple(shares[row]), tuple(early), (CERTAIN,) * len(early))
        path = Path(late, [CERTAIN] * len(late), after.shares[row].tolist())
        model = fit(past)
        if not np.allclose([each[0] for each in model.weights], fits.cumulated[row], atol=1e-9):
            found.append("the weights of what a past leaves possible")
        if len(past.lately) != many_fits.lately(shares)[row]:
            found.append("how many weeks are the latest ones")
        for rule in RULES:
            fires = alarms(rule, path)
            mask = masks[rule.name]
            if not np.allclose(fires, after.at[mask & (after.row == row)]):
                found.append(f"the alarms of {rule.name}")
            begun = len([at for at in episode_starts(fires) if at >= 10])
            if begun != many_rules.episodes(after, mask, 10, 1000)[0][row]:
                found.append(f"the episodes of {rule.name}")
    one = np.ones(1)
    drawn = many_fits.Drawn(0.4 * one, 0.5 * one, one)
    three = np.full(1, 3)
    if not np.isclose(drawn.chance_of(three, 2.0)[0], Draw(0.4, 0.5, 1.0).chance_of(3, 2.0)):
        found.append("the chance of three landings")
    return found


def _of_surges(world: World, lives: Lives) -> list[str]:
    found = []
    many, series = ManySurges(lives), len(lives.shares)
    fired, scores = many.fire(np.full(series, FIRES_BELOW)), many.look()
    looks_of_all = []
    for row in range(series):
        own = lives.row == row
        times = lives.at[own].tolist()
        weeks = SurgeWeeks(lives.shares[row].tolist(), times, [1.0] * len(times))
        surge = Surge(weeks, FIRES_BELOW)
        alone = {look.at: look.score for look in surge.looks()}
        shown = dict(zip(times, fired.score[own].tolist(), strict=True))
        if not np.allclose([alone.get(at, 1.0) for at in times], [shown[at] for at in times]):
            found.append("the scores of a surge")
        if not np.allclose(surge.weights, fired.weights[row]):
            found.append("what its alarms change")
        looks = Surge(weeks, 0.0).looks(world.past)
        looks_of_all.append([(look.at - world.past, look.score) for look in looks])
    one = threshold_at(1.0, looks_of_all, WARM)
    if not np.isclose(one, thresholds(lives, scores, world.past, 1.0, series)[0][0], rtol=1e-3):
        found.append("the threshold of a surge")
    return found


def _after(lives: Lives, past: int) -> Lives:
    later = lives.at >= past
    return Lives(lives.shares[:, past:], lives.row[later], lives.at[later] - past)
