"""`trueup doctor`: is everything here that trueup needs?"""

from __future__ import annotations


def command() -> int:
    """Check git, Python, the key, the workspace and the settings; says what to do about each.

    \b
    Example:
        trueup doctor
    """
    from trueup.runs.doctor import checks

    found = list(checks())
    for check in found:
        print(f"{'ok     ' if check.good else 'PROBLEM'}  {check.name}: {check.found}")
        if not check.good:
            print(f"         {check.remedy}")
    return 0 if all(c.good for c in found) else 4
