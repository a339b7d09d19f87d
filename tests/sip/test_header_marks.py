"""Marks of a message: a clear bit proves that a header is absent."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.sip.header_marks import header_bit, header_marks, named_lines

names = st.text("abcXYZ-.!%*_+`'~019", min_size=1, max_size=12)


@given(st.lists(st.tuples(names, st.sampled_from(["", " ", "\t "])), max_size=8))
def test_no_header_is_missed(lines: list[tuple[str, str]]) -> None:
    """Whatever its case and the white space before the colon, a header's own bit is set."""
    text = "".join(f"{name}{white}: 1\r\n folded: x\r\n" for name, white in lines)
    marks = header_marks(f"OPTIONS sip:a SIP/2.0\r\n{text}\r\n".encode())
    for name, _ in lines:
        for spelled in (name.lower(), name.upper()):
            assert marks >> header_bit(spelled.encode()) & 1


def test_what_is_no_header_sets_no_bit() -> None:
    """Start line, folds, lines without a colon and the body of a head cut short set nothing."""
    assert header_marks(b"OPTIONS sip:a SIP/2.0\r\nno colon\r\n fold: 1\r\n\r\n") == 0
    assert header_marks(b"") == 0


def test_the_names_rules_ask_for_stand_apart() -> None:
    """Headers that few messages have share no bit with those that nearly all have (§20)."""
    usual = (
        b"via max-forwards from to call-id cseq contact content-length content-type user-agent "
        b"server allow supported expires"
    )
    rare = (
        b"reason retry-after warning replaces join session-id p-charging-vector call-info require"
    )
    assert not {*map(header_bit, usual.split())} & {*map(header_bit, rare.split())}


def test_lines_end_behind_their_folds() -> None:
    """A value goes on over its folds; the name is given in lower case."""
    head = b"OPTIONS sip:a SIP/2.0\r\nSubject : a\r\n b\r\nTo: c\r\n"
    assert [(name, head[start:end]) for name, start, end in named_lines(head)] == [
        (b"subject", b" a\r\n b\r\n"),
        (b"to", b" c\r\n"),
    ]
