"""The report in a real browser: asks for nothing, fits a phone, can be read by everybody.

`make test-e2e` installs what this needs. `TRUEUP_SCREENSHOTS` names a folder for the pictures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.report import documents

from trueup.publish.document import Audience
from trueup.report import html

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("TRUEUP_CHROMIUM", "/usr/bin/chromium")
AXE = Path(os.environ.get("TRUEUP_AXE", ROOT / ".venv/e2e/node_modules/axe-core/axe.min.js"))
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
WIDTHS = {"desktop": 1280, "phone": 390}

DOCUMENTS = {
    "team": documents.full,
    "organisation": lambda: documents.full(Audience.ORGANISATION),
    "empty": documents.nearly_empty,
    "hostile": documents.hostile,
}
documents_ = pytest.mark.parametrize("name", DOCUMENTS)
themes = pytest.mark.parametrize("theme", ["light", "dark"])
screens = pytest.mark.parametrize("screen", WIDTHS)


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="run make test-e2e once")
    if not Path(CHROMIUM).exists() or not AXE.exists():
        pytest.skip("no browser or no axe-core here: run make test-e2e once")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for name, make in DOCUMENTS.items():
        (folder / f"{name}.html").write_text(html.render(make()), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    wanted = os.environ.get("TRUEUP_SCREENSHOTS")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def opened(browser, files):
    """Opens a report; afterwards nothing else may have been asked for or complained about."""
    contexts, asked, said = [], [], []

    def open_(name, *, width=1280, theme="light"):
        address = (files / f"{name}.html").as_uri()
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)

        def watch(route):
            if route.request.url.split("#")[0] == address:
                route.continue_()
            else:
                asked.append(route.request.url)
                route.abort()

        context.route("**/*", watch)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert asked == []
    assert said == []


def violations(page):
    # Evaluated from outside, since the policy of the page lets no script in.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def open_everything(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


@documents_
@themes
@screens
def test_looks_and_reads_well(name, theme, screen, opened, pictures):
    page = opened(name, width=WIDTHS[screen], theme=theme)
    wide, high = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert wide <= WIDTHS[screen]
    assert high > 900
    # The default hides the caret by a style of its own, which the policy of the page refuses.
    target = pictures / f"{name}-{screen}-{theme}.png"
    page.screenshot(path=str(target), full_page=True, caret="initial")
    assert violations(page) == []


@documents_
@screens
def test_reads_well_with_everything_open(name, screen, opened):
    page = opened(name, width=WIDTHS[screen])
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[screen]
    assert violations(page) == []


def test_fits_the_narrowest_phone(opened):
    page = opened("hostile", width=360)
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@screens
def test_no_figure_runs_into_the_next(screen, opened):
    page = opened("team", width=WIDTHS[screen])
    wide = page.evaluate(
        """[...document.querySelectorAll('.fig-value')].map(one => {
            one.textContent = 'less than 1 %'
            return one.scrollWidth - one.clientWidth
        })"""
    )
    assert len(wide) > 5
    assert max(wide) <= 0


def test_why_opens_by_keyboard(opened):
    page = opened("team")
    first = page.locator(".verdicts details.why").first
    assert not first.locator(".why-body").is_visible()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.locator(".why-body").is_visible()


def test_first_tab_skips_to_the_answer(opened):
    page = opened("team")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#answer"
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 50


def test_print_shows_every_why_on_white(opened):
    page = opened("team", theme="dark")
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('.why-body')].map(one => one.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@themes
def test_marks_of_the_bar_are_drawn(theme, opened):
    page = opened("team", theme=theme)
    box = page.locator("svg[aria-labelledby^='mix'] rect").first.bounding_box()
    assert box["width"] == pytest.approx(0.41 * 1104, rel=0.02)
