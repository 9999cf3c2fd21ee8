"""校准 fitting what speaks for a row of the address base, so that its confidence is a share that can be counted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from zhongshu.hub.judge.address_match import FEATURES, FITTED, NEAR, AddressMatcher, Match, Weights

Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]


def fit(
    matcher: AddressMatcher, texts: Sequence[str], rows: Numbers, shrink: float = 0.0001, version: str = "fitted"
) -> Weights:
    """Conditional logit: of a text's candidates those within 100 m of the true row (-1: none of the base) are meant,
    or none. `shrink` pulls towards the weights set by hand."""
    weighed = matcher.weigh(texts)
    truth = rows[weighed.text]
    right = (truth >= 0) & (matcher.metres(weighed.row, np.maximum(truth, 0)) <= NEAR)
    reached = np.zeros(len(texts), bool)
    reached[weighed.text[right]] = True
    start = np.append(FITTED.features, FITTED.none)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        strength = weighed.features @ weights[:-1]
        top = np.full(len(texts), weights[-1])
        np.maximum.at(top, weighed.text, strength)
        odds, none = np.exp(strength - top[weighed.text]), np.exp(weights[-1] - top)
        all_odds = np.bincount(weighed.text, odds, len(texts)) + none
        meant = np.where(reached, np.bincount(weighed.text, odds * right, len(texts)), none)
        share = odds / all_odds[weighed.text]
        wanted = np.where(right, odds / meant[weighed.text], 0)
        pull = np.append(weighed.features.T @ (share - wanted), (none / all_odds - ~reached).sum())
        apart = weights - start
        value = -np.log(np.maximum(meant, 1e-300) / all_odds).sum() / len(texts) + shrink * (apart @ apart)
        return float(value), pull / len(texts) + 2 * shrink * apart

    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Weights(best[: len(FEATURES)], float(best[-1]), version)


def calibration_error(matches: Sequence[Match], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error 0..1 of the confidences, by equally filled bins."""
    said = np.array([each.confidence for each in matches])
    order = np.argsort(said, kind="stable")
    gaps = [
        len(part) * abs(said[part].mean() - right[part].mean()) for part in np.array_split(order, bins) if len(part)
    ]
    return float(sum(gaps) / max(len(said), 1))
