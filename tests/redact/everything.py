"""A message with names wherever they may stand: `everything.headers` and `everything.sdp`."""

from pathlib import Path

_FOLDER = Path(__file__).parent
SECRETS = (
    "alice", "Alice", "Liddell", "bob", "Bobby", "wonder", "secret", "rabbit",
    "5550123", "5550199", "aabbcc", "198.51.100.", "203.0.113.", "2001:db8:", "001122aabbcc",
    "acme", "f81d4fae", "8a7b6c5d", "deadbeefcafe", "Zaphod", "4bc0ffee",
)  # fmt: skip  # read side by side
"""What stands for somebody in `EVERYTHING` and nowhere else."""


def as_sent(text: str) -> bytes:
    """Return lines as they are sent."""
    return "".join(line + "\r\n" for line in text.splitlines()).encode()


HEADERS = (_FOLDER / "everything.headers").read_text("utf-8")
BODY = as_sent((_FOLDER / "everything.sdp").read_text("utf-8"))


def message_with(line: str, headers: str = HEADERS, body: bytes = b"", kind: str = "") -> bytes:
    """Return a message; `kind` is the Content-Type of its body."""
    typed = f"Content-Type: {kind}\r\n".encode() if kind else b""
    head = line.encode() + b"\r\n" + as_sent(headers) + typed
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


EVERYTHING = message_with(
    "INVITE sip:+12125550123@pbx.wonder.net:5070;user=phone SIP/2.0",
    body=BODY,
    kind="application/sdp",
)
"""A message with names wherever they may stand."""


def left_of(secrets: tuple[str, ...], data: bytes) -> list[str]:
    """Return which of the secrets are still somewhere in the data."""
    low = data.lower()
    return [each for each in secrets if each.lower().encode() in low]
