"""Work that is done aside."""

import sys
import threading
from contextlib import suppress

import pytest

from analyzer.aside import begin, short_turns


@pytest.mark.parametrize("aside", [False, True])
def test_what_the_work_returns(*, aside: bool) -> None:
    """The function returned gives what the work returned, as often as asked."""
    result = begin(lambda: 5, aside=aside)
    assert (result(), result()) == (5, 5)


def test_work_aside_has_a_thread_of_its_own() -> None:
    """Work aside goes on while the one who began it does something else."""
    go_on = threading.Event()
    result = begin(lambda: go_on.wait(60), aside=True)
    go_on.set()
    assert result() is True


def test_faults_come_to_who_waits() -> None:
    """What the work raises is raised where its result is asked for."""
    result = begin(lambda: 1 // 0, aside=True)
    with pytest.raises(ZeroDivisionError):
        result()


def test_turns_are_short_only_meanwhile() -> None:
    """The interval at which threads take turns is as before afterwards, whatever happens."""
    usual = sys.getswitchinterval()
    with suppress(KeyError), short_turns():
        assert sys.getswitchinterval() < usual
        raise KeyError
    assert sys.getswitchinterval() == pytest.approx(usual)
