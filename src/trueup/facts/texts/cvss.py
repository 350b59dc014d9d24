"""Scores of CVSS 3 from the vectors advisories carry, by the formula of its specification."""

from __future__ import annotations

import math

_ATTACK = {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2}
_COMPLEXITY = {"L": 0.77, "H": 0.44}
_PRIVILEGES = {"N": 0.85, "L": 0.62, "H": 0.27}
_PRIVILEGES_CHANGED = {"N": 0.85, "L": 0.68, "H": 0.5}
_INTERACTION = {"N": 0.85, "R": 0.62}
_LOSS = {"H": 0.56, "L": 0.22, "N": 0.0}


def base_score(vector: str) -> float | None:
    """The base score of a vector of CVSS 3.0 or 3.1; nothing for other versions and broken vectors.

    >>> base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    9.8
    >>> base_score("CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N")
    5.4
    >>> base_score("AV:N/AC:L/Au:N/C:P/I:P/A:P")
    """
    if not vector.startswith("CVSS:3."):
        return None
    told = dict(part.partition(":")[::2] for part in vector.split("/"))
    try:
        changed = {"U": False, "C": True}[told["S"]]
        privileges = (_PRIVILEGES_CHANGED if changed else _PRIVILEGES)[told["PR"]]
        ease = 8.22 * _ATTACK[told["AV"]] * _COMPLEXITY[told["AC"]] * privileges
        ease *= _INTERACTION[told["UI"]]
        lost = 1 - math.prod(1 - _LOSS[told[x]] for x in "CIA")
    except KeyError:
        return None
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    return _up(min((1.08 if changed else 1.0) * (impact + ease), 10))


def _up(score: float) -> float:
    """The next tenth, without the error of binary fractions (CVSS 3.1, appendix A)."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (whole // 10_000 + 1) / 10
