"""Contrast as WCAG 2.2 counts it: 4.5 for text, 3 for what a picture is read by."""

import re

import pytest

from trueup.report.html import TEMPLATES

STYLE = (TEMPLATES / "style.css").read_text(encoding="utf-8")


def tokens(block):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


LIGHT = tokens(STYLE.split("@media")[0])
DARK = LIGHT | tokens(STYLE.split("prefers-color-scheme: dark")[1].split("@media")[0])
themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@themes
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "owed"])
@pytest.mark.parametrize("ground", ["paper", "raised"])
def test_text(theme, text, ground):
    assert contrast(theme[text], theme[ground]) >= 4.5


@themes
@pytest.mark.parametrize("shade", range(1, 6))
def test_labels_in_the_treemap(theme, shade):
    label = theme["on-deep"] if shade >= 4 else theme["on-pale"]
    assert contrast(label, theme[f"shade-{shade}"]) >= 4.5


@themes
@pytest.mark.parametrize("mark", ["accent", "owed", "grey"])
def test_marks(theme, mark):
    assert contrast(theme[mark], theme["paper"]) >= 3
    if mark != "grey":
        assert contrast(theme[mark], theme[f"{mark}-soft"]) >= 3
