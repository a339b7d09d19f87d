"""The HTML report in a real browser: Chromium, driven by Playwright, without a network."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analyzer.pipeline import open_trace
from analyzer.render.formats import OutputOptions
from analyzer.render.page_report import write_page
from analyzer.settings import Settings
from command import ROOT
from hostile import hostile_capture

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright, which drives the browser, is not installed"
)
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no browser to try the page in: chromium is not installed"
)

ONE_WAY = str(ROOT / "samples" / "sipp" / "one_way.pcap")
SAMPLES = sorted(str(path) for path in (ROOT / "samples").glob("*.pcap"))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Give a browser."""
    with playwright.sync_playwright() as driver:
        sandboxed = [] if os.getuid() else ["--no-sandbox"]
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=sandboxed)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    """Go through the languages."""
    return str(request.param)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, language: str) -> Path:
    """Write the report of the samples."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    with open_trace(SAMPLES) as trace, path.open("wb") as out:
        write_page(trace, out, OutputOptions(language))
    return path


@pytest.fixture
def page(browser: "Browser", report: Path) -> "Iterator[Page]":
    """Open the report; at the end nothing was complained of and nothing was asked for."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(report.as_uri())
    yield opened
    opened.close()
    assert complaints == []
    assert set(asked) == {report.as_uri()}


def rows(page: "Page") -> int:
    """Count the calls that the table shows."""
    return page.locator("#table tbody tr").count()


def test_search_narrows_the_table(page: "Page") -> None:
    """Only calls with the text in a number, name or Call-ID stay; without it all come back."""
    all_rows = rows(page)
    page.fill("#table input[type=search]", "no such number")
    assert page.locator("#table tbody button").count() == 0
    user = page.locator("#table tbody tr:last-child td.name").first
    page.fill("#table input[type=search]", "")
    assert rows(page) == all_rows
    name = user.inner_text()
    page.fill("#table input[type=search]", name)
    assert 0 < rows(page) <= all_rows
    assert name in page.locator("#table tbody").inner_text()


def test_filter_by_outcome_and_findings(page: "Page") -> None:
    """The filters leave what they name, and can be combined."""
    all_rows = rows(page)
    page.select_option("#table select", "declined")
    declined = rows(page)
    assert 0 < declined < all_rows
    page.check("#table input[type=checkbox]")
    assert 0 < rows(page) <= declined


def test_sort_by_any_column(page: "Page") -> None:
    """A click on a head sorts by it, a second one turns the order; the state is told."""
    head = page.locator("th[data-column=id]")
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    ids = [int(text) for text in page.locator("#table tbody button").all_inner_texts()]
    assert ids == sorted(ids, reverse=True)
    page.locator("th[data-column=ring] button").click()
    assert head.get_attribute("aria-sort") is None


def test_a_call_opens_with_its_messages(page: "Page") -> None:
    """The ladder has an arrow for each message; a click shows its text from the start line on."""
    page.check("#table input[type=checkbox]")
    page.locator("#table tbody button").first.click()
    page.wait_for_selector("dialog[open] pre")
    arrows = page.locator("dialog g.arrow")
    arrows.first.locator(".hit").click()
    assert "SIP/2.0" in page.locator("dialog pre").inner_text().splitlines()[0]
    assert arrows.first.get_attribute("aria-pressed") == "true"
    assert page.locator("dialog .finding").count() >= 1


def test_lines_a_verdict_rests_on_are_marked(page: "Page") -> None:
    """The Reason header of a 603+ is marked in its response."""
    page.locator(".finding", has_text="network-blocked").locator("button").first.click()
    page.wait_for_selector("dialog[open] pre mark")
    assert page.locator("dialog pre mark").first.inner_text().startswith("Reason:")


def test_by_keyboard_alone(page: "Page") -> None:
    """Tab and Enter open a call, arrow keys go through its messages, Escape closes it."""
    page.locator("#table tbody button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] pre")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('arrow')"):
            break
    before = page.locator("dialog .message h3").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("dialog g.arrow[aria-pressed=true]").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.keyboard.press("ArrowUp")
    assert page.locator("dialog .message h3").inner_text() or before
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_link_opens_its_call(page: "Page", report: Path) -> None:
    """The address of an open call can be passed on."""
    page.goto("about:blank")
    page.goto(f"{report.as_uri()}#call-1")
    page.wait_for_selector("dialog[open]")
    assert "#1" in page.locator("#dialog-title").inner_text()
    page.evaluate("history.replaceState(null, '', location.pathname)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 800, 1400])
def test_it_fits_the_window(page: "Page", width: int, scheme: str) -> None:
    """Nothing but the scrolling parts is wider than the window, in light and dark."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def faults(page: "Page") -> list[str]:
    """Return what axe finds of serious or critical faults."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe, which judges access, is not installed"
    )
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:100]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def test_no_serious_fault_of_access(page: "Page") -> None:
    """Axe finds no fault that is serious or critical, with a call closed and open."""
    assert faults(page) == []
    page.check("#table input[type=checkbox]")
    page.locator("#table tbody button").first.click()
    page.wait_for_selector("dialog[open] pre")
    assert faults(page) == []


def opened_call(browser: "Browser", folder: Path, path: str, *, media: bool) -> "Page":
    """Open the only call of a capture, analyzed with its media or without."""
    page_path = folder / f"media-{media}.html"
    with open_trace([path], Settings(media=media)) as trace, page_path.open("wb") as out:
        write_page(trace, out, OutputOptions("en"))
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(f"{page_path.as_uri()}#call-0")
    opened.wait_for_selector("dialog[open] pre")
    return opened


def test_rtp_is_a_band(browser: "Browser", tmp_path: Path) -> None:
    """RTP goes from the lane of its sender to that of its receiver, stands between the ACK before
    its first packet and the BYE after its last, and says in words what tshark counts
    (`-z rtp,streams`: 149 packets of PCMU, none lost).
    """
    page = opened_call(browser, tmp_path, ONE_WAY, media=True)
    band = page.locator("dialog g.media")
    told = "RTP from 127.0.0.1:6000 to 127.0.0.2:6000, PCMU: 149 packets, 0 lost (0.0 %)"
    assert (band.get_attribute("aria-label") or "").startswith(told)
    assert told in page.locator("dialog .body > ul").first.inner_text()
    points = (band.locator("polygon").get_attribute("points") or "").split()
    lanes = [each.get_attribute("x1") for each in page.locator("dialog line.lane").all()]
    assert [points[0].split(",")[0], points[2].split(",")[0]] == lanes
    rows = {
        (each.get_attribute("aria-label") or "").split(",")[0]: each.bounding_box()
        for each in page.locator("dialog g.arrow").all()
    }
    assert faults(page) == []
    strip, drawn = page.locator("dialog rect.band").bounding_box(), band.bounding_box()
    ack, bye = rows["ACK"], rows["BYE"]
    assert strip
    assert drawn
    assert ack
    assert bye
    assert ack["y"] < drawn["y"] < bye["y"]
    assert ack["y"] < strip["y"]
    assert strip["y"] + strip["height"] < bye["y"] + bye["height"]
    page.close()


def test_no_band_without_media(browser: "Browser", tmp_path: Path) -> None:
    """Where RTP was not counted there is neither a band nor a heading for it."""
    page = opened_call(browser, tmp_path, ONE_WAY, media=False)
    assert page.locator("dialog g.media").count() == 0
    assert page.locator("dialog h3", has_text="Media").count() == 0
    page.close()


def test_an_open_call_is_printed_whole(browser: "Browser", tmp_path: Path) -> None:
    """What a dialog holds is put into the page while it is printed, and taken out afterwards."""
    page = opened_call(browser, tmp_path, ONE_WAY, media=True)
    printed = page.locator(".printout")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert printed.is_visible()
    assert printed.locator("g.arrow").count() == 6
    assert "INVITE sip:bob" in printed.locator("pre").inner_text()
    assert not page.locator("#table").is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") > 900
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert printed.locator("g.arrow").count() == 0
    page.close()


def test_hostile_text_does_nothing(browser: "Browser", tmp_path: Path) -> None:
    """With markup and marks of direction in every header, body, name and file name no script runs,
    nothing is asked for, no element comes into being, and what is shown has no such mark.
    """
    path = tmp_path / "hostile.html"
    with open_trace([str(hostile_capture(tmp_path))]) as trace, path.open("wb") as out:
        write_page(trace, out, OutputOptions("en"))
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.add_init_script("window.boomed = 0; window.boom = () => { window.boomed += 1; };")
    page.goto(path.as_uri())
    for number in range(2):
        page.locator("#table tbody button").nth(number).click()
        page.wait_for_selector("dialog[open] pre")
        for arrow in page.locator("dialog g.arrow .hit").all():
            arrow.click(force=True)
        page.keyboard.press("Escape")
    for button in page.locator(".finding button[data-subject]").all():
        button.click()
        page.wait_for_selector("dialog[open] pre")
        assert "boom(" in page.locator("dialog pre").inner_text()
        assert page.locator("img, iframe, b, i, svg[onload]").count() == 0
        shown = page.locator("body").inner_text() + page.title()
        assert not set(shown) & set("\x1b\x07\x9b\u202e\u2066\u200b\x85\u2028")
        page.keyboard.press("Escape")
    assert page.evaluate("window.boomed") == 0
    assert set(asked) == {path.as_uri()}
    assert complaints == []
    page.close()
