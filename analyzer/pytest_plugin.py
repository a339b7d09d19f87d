"""The pytest plugin: fixture `sip_capture`, marker `sip`, `--sip-report DIR`.

Every pytest run in an environment with sipwhy loads this module: nothing else of sipwhy is imported
before a test asks for the fixture.
"""

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

if TYPE_CHECKING:
    from analyzer.testing.capture import CaptureOptions, SipCapture

LONGEST_NAME = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and what a configuration may say."""
    group = parser.getgroup("sipwhy", "SIP captures")
    group.addoption(
        "--sip-report",
        metavar="DIR",
        help="keep the captures of failed tests and a report on each there",
    )
    parser.addini("sip_policy", "policy of captures; default: the nearest sipwhy.yml", default="")
    parser.addini("sip_rules", "directories of further rules", type="paths", default=[])
    parser.addini("sip_fail_on", "severity from which on findings fail", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "sip(policy=None, rules=(), fail_on=''): what sip_capture judges captures by in this test",
    )


@pytest.fixture
def sip_capture(request: pytest.FixtureRequest) -> "Iterator[Callable[..., SipCapture]]":
    """Open SIP captures: `sip_capture("call.pcap")` gives calls, transactions, findings, and
    assertions whose messages show the ladder. A relative path is looked for beside the test, then
    in the root directory.
    """
    from analyzer.errors import AnalyzerError  # noqa: PLC0415 - not needed before
    from analyzer.testing.capture import SipCapture  # noqa: PLC0415 - see above

    opened: list[SipCapture] = []
    try:
        options = _options(request)
    except AnalyzerError as error:
        pytest.fail(str(error), pytrace=False)

    def open_capture(*paths: str | Path) -> SipCapture:
        found = [_find(path, request) for path in paths]
        try:
            opened.append(SipCapture(found, options))
        except AnalyzerError as error:
            pytest.fail(str(error), pytrace=False)
        return opened[-1]

    request.node.stash[_OPENED] = opened
    yield open_capture
    for each in opened:
        each.close()


_OPENED: "pytest.StashKey[list[SipCapture]]" = pytest.StashKey()


def _find(path: str | Path, request: pytest.FixtureRequest) -> str:
    beside = request.path.parent / path
    root = request.config.rootpath / path
    found = next((each for each in (beside, root) if each.exists()), Path(path))
    here = request.config.invocation_params.dir
    # messages name files as they are seen from where pytest was started
    is_here = here == Path.cwd() and found.is_relative_to(here)
    return str(found.relative_to(here) if is_here else found)


def _options(request: pytest.FixtureRequest) -> "CaptureOptions":
    from analyzer.check.find_policy import policy_in_force  # noqa: PLC0415 - see above
    from analyzer.testing.capture import CaptureOptions  # noqa: PLC0415 - see above

    marker = request.node.get_closest_marker("sip")
    chosen: dict[str, Any] = dict(marker.kwargs) if marker else {}
    config = request.config
    named = chosen.get("policy") or config.getini("sip_policy")
    policy = Path(_find(named, request)) if named else None
    own_rules = [Path(_find(each, request)) for each in chosen.get("rules", ())]
    rules = (*config.getini("sip_rules"), *own_rules)
    fail_on = chosen.get("fail_on") or config.getini("sip_fail_on")
    found = policy_in_force(policy, request.path.parent, rules)
    return CaptureOptions(found, rules, fail_on)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what is in the captures of a failed test, and keep them where that is asked for."""
    report = yield
    opened = item.stash.get(_OPENED, [])
    if report.when == "call" and report.failed and opened:
        evidence = "\n\n".join(each.evidence for each in opened)
        report.sections.append(("SIP captures", evidence))
        directory = item.config.getoption("--sip-report")
        if directory:
            _keep(directory, item, opened, report)
    return report


def _keep(
    directory: str, item: pytest.Item, opened: "list[SipCapture]", report: pytest.TestReport
) -> None:
    """Write the evidence of a failed test into a directory of its own."""
    start = item.config.invocation_params.dir  # the test may have gone elsewhere
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", item.nodeid).strip("-.")
    if len(name) > LONGEST_NAME or "[" in item.nodeid:
        # what is cut, or has parameters, may look like another
        name = f"{name[-LONGEST_NAME:].strip('-.')}-{crc32(item.nodeid.encode()):08x}"
    folder = start / directory / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, capture in enumerate(opened):
        text = "\n".join((str(report.longreprtext), "", capture.report, "", capture.evidence, ""))
        (folder / f"capture-{number}.txt").write_text(text, "utf-8", "backslashreplace")
        for path in capture.paths:
            if (start / path).is_file():
                shutil.copy(start / path, folder / f"capture-{number}-{Path(path).name}")
