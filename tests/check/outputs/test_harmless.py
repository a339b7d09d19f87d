"""Text that no log viewer takes for a command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.check.outputs.harmless import harmless, harmless_line
from ci_commands import commands


@given(st.text(max_size=30))
def test_nothing_in_a_line_is_a_command_or_a_control(text: str) -> None:
    """Whatever stands in it: no runner command, no line end, no escape sequence."""
    (line,) = ["".join(part for part, _ in harmless_line((("  ", ""), (harmless(text), ""))))]
    assert commands(line) == []
    assert (
        line.isprintable()
        or re.fullmatch(r"[\u3000\u00a0]*", re.sub(r"[ -~]", "", line))
        or (all(each.isprintable() or each in "\u3000\u00a0" for each in line))
    )


@pytest.mark.parametrize(
    "text",
    [
        "::error::x",
        "  ::set-output name=a::b",
        "\u00a0::warning ::x",
        "a ##[error]x",
        "##vso[task.setvariable variable=a]b",
        "##teamcity[testFailed]",
        "::stop-commands::x",
    ],
)
def test_commands_of_runners_are_broken(text: str) -> None:
    """They would be obeyed as they are, and are not once harmless; the words stay readable."""
    assert commands(text)
    line = "".join(part for part, _ in harmless_line(((text, ""),)))
    assert commands(line) == []
    assert re.sub(r"\\x..", "", line).strip()


def test_a_command_cannot_be_put_together_from_parts() -> None:
    """A line is judged as a whole."""
    line = harmless_line((("  :", "label"), (":error::x", "")))
    assert commands("".join(text for text, _ in line)) == []


def test_other_lines_stay_as_they_are() -> None:
    """Styles are kept."""
    line = (("a :: b", "label"), (" # x", ""))
    assert harmless_line(line) == line
