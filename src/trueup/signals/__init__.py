"""One file per signal: facts of a scope in a window become one estimate."""

from trueup.kernel.declarations import Signal
from trueup.kernel.registry import Registry

SIGNALS: Registry[Signal] = Registry("trueup.signals", "SIGNAL", group="trueup.signals")
