"""The report as one HTML file that asks nobody for anything: no script, no font, no request."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trueup.report import figures, words
from trueup.report.page import page
from trueup.report.text import harmless, shorten, tight

if TYPE_CHECKING:
    from jinja2 import Environment

    from trueup.publish.document import Published

TEMPLATES: Final = Path(__file__).parent / "templates"

#: The longest text of a document that is printed whole.
_LONGEST: Final = 2000


def render(published: Published) -> str:
    """The whole file as text; write it as UTF-8."""
    environment = _environment()
    style = environment.get_template("style.css").render()
    return environment.get_template("report.html.j2").render(
        page=page(published), p=published, policy=_policy(style)
    )


def _policy(style: str) -> str:
    """Nothing may load or run; the one style of the file is known by its hash."""
    known = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "count": figures.count,
        "share": figures.share,
        "amount": figures.amount,
        "short": shorten,
        "tight": tight,
        "day": lambda moment: harmless(moment)[:10],
    }
    environment.globals |= {"words": words}
    return environment


def _finalize(value: Any) -> Any:
    """What an expression prints: every text of the document becomes harmless before escaping."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return harmless(value) if len(value) <= _LONGEST else shorten(value, _LONGEST)
    return value
