"""Names of people, numbers and machines → pseudonyms: the same for the same name, whatever header,
body or packet it stands in.

A pseudonym is of the kind that the name was of, since what a rule says goes by that: a number stays
a number, a host with a domain one with a domain, and who was anonymous stays it.
"""

import re
from collections.abc import Callable

from analyzer.redact.addresses import Addresses
from analyzer.redact.country_codes import country_code_of
from analyzer.redact.key import derive
from analyzer.redact.mixing import mix

KEEPABLE = ("length", "country")
"""What of a telephone number may stay."""
NO_NAMES = frozenset(("", "-", "anonymous", "unknown", "unavailable", "restricted", "private"))
"""Users and display names that name nobody (RFC 3323, and what gateways write)."""
OWN_END = "example"
"""Last label of pseudonyms of hosts: RFC 2606 keeps it from being anybody's."""
KEPT_ENDS = frozenset(
    ("invalid", "example", "test", "local", "localdomain", "internal", "arpa", "onion")
)
"""Last labels that say what kind of name it is (RFC 6761), and stay."""
KEPT_HOSTS = frozenset(("localhost", "anonymous", ""))
TAIL = 6
"""Digits by whose end two numbers are taken for the same: shorter ends in common are hidden."""
_HEAD = 5
"""Digits before them where the length is hidden, as many as the longest number needs with `+`."""
_SHORTEST_HIDDEN = 8
"""Digits from which on the length is hidden: fewer are an extension or a service."""
_MOST_KNOWN = 1 << 16
_LONGEST_KNOWN = 512

_NUMBER = re.compile(r"\+?[0-9*#.()\-]*[0-9][0-9*#.()\-]*\Z")
_FEWEST_DIGITS = 2
_SEPARATOR = re.compile(r"([-_.@;~+:/\s])")
_HOST_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)((?::[0-9]*)?)\Z")
_HOST_IN_ID = re.compile(r"[A-Za-z0-9.:\[\]]*")
_ESCAPED = re.compile(r"%([0-9A-Fa-f])([0-9A-Fa-f])")
_ESCAPE = "\x01"


class Names:
    """The pseudonyms of one key."""

    def __init__(self, key: bytes, keep: frozenset[str] = frozenset()) -> None:
        """Take the key of the redaction, and what of KEEPABLE stays."""
        self.addresses = Addresses(key)
        self._key = derive(key, b"names")
        self._keep = keep
        self._known: dict[tuple[bytes, str], str] = {}

    def _once(self, domain: bytes, text: str, make: Callable[[str], str]) -> str:
        if len(text) > _LONGEST_KNOWN:
            return make(text)
        known = self._known.get((domain, text))
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[domain, text] = make(text)
        return known

    def word(self, text: str) -> str:
        """Return what stands for any text: its shape is all that is left."""
        return self._once(b"word", text, lambda it: mix(self._key, b"word", it))

    def phrase(self, text: str) -> str:
        """Return what stands for a name of several words, as a display name."""
        if text.strip().lower() in NO_NAMES:
            return text
        return self.word(text)

    def identifier(self, text: str) -> str:
        """Return what stands for a Call-ID, a tag or a branch: part by part, as one may be made
        from another by putting something before or behind it.
        """
        return self._once(b"id", text, self._identifier)

    def _identifier(self, text: str) -> str:
        local, at, place = text.rpartition("@")
        if at:
            # Something may be put behind the host; hosts with a hyphen are cut there too.
            match = _HOST_IN_ID.match(place)
            host = match[0] if match else ""
            return self._parts(local) + at + self.host_port(host) + self._parts(place[len(host) :])
        return self.addresses.text(text) or self._parts(text)

    def _parts(self, text: str) -> str:
        pieces = _SEPARATOR.split(text)
        return "".join(mix(self._key, b"part", each) if each else each for each in pieces)

    def user(self, text: str) -> str:
        """Return what stands for the user part of a URI, without parameters and password."""
        return self._once(b"user", text, self._user)

    def _user(self, text: str) -> str:
        if text.lower() in NO_NAMES:
            return text
        if is_number(text):
            return self._number(text)
        escapes: list[str] = []

        def hide(match: re.Match[str]) -> str:
            # The first digit tells control characters and punctuation from letters.
            escapes.append(f"%{match[1]}{mix(self._key, b'escape', match[2])}")
            return _ESCAPE

        bare = _ESCAPED.sub(hide, text)
        mixed = mix(self._key, b"user", bare)
        rest = iter(escapes)
        return re.sub(_ESCAPE, lambda match: next(rest, match[0]), mixed)

    def number(self, text: str) -> str:
        """Return what stands for a telephone number; for other text, what stands for a user."""
        return self.user(text)

    def _number(self, text: str) -> str:
        plus = "+" if text.startswith("+") else ""
        digits = "".join(each for each in text if each.isdigit())
        kept = country_code_of(digits) if plus and "country" in self._keep else ""
        mapped = kept + self._digits(digits[len(kept) :], is_first=not kept)
        if len(mapped) != len(digits):
            return plus + mapped
        rest = iter(mapped)
        return "".join(next(rest) if each.isdigit() else each for each in text)

    def _digits(self, digits: str, *, is_first: bool) -> str:
        """Return what stands for digits: two numbers that end alike, but for a prefix, still do."""
        head, tail = digits[:-TAIL], digits[-TAIL:]
        done = mix(self._key, b"digits", tail)
        hides_length = "length" not in self._keep and len(digits) >= _SHORTEST_HIDDEN
        if not hides_length:
            for digit in reversed(head):
                done = self._digit(digit, done) + done
            return done
        # Of what is before, the digits that national and international forms share count.
        shared = digits[-_SHORTEST_HIDDEN:]
        wanted = _HEAD if is_first else _HEAD - 1
        return mix(self._key, b"head", shared)[:wanted].replace("0", "1") + done

    def _digit(self, digit: str, behind: str) -> str:
        """Return what stands for a digit before others; 0 stays, as it may be a trunk prefix."""
        amount = int(mix(self._key, b"turn", behind + "000000000000")[-6:])
        return digit if digit == "0" else str(1 + (int(digit) - 1 + amount) % 9)

    def host(self, text: str) -> str:
        """Return what stands for a host: a name, or an address with or without brackets."""
        return self._once(b"host", text, self._host)

    def _host(self, text: str) -> str:
        if text.startswith("["):
            inner = text[1:].removesuffix("]")
            return f"[{self.addresses.text(inner) or mix(self._key, b'label', inner)}]"
        address = self.addresses.text(text)
        if address is not None:
            return address
        name = text.lower()
        bare = name.removesuffix(".")
        if bare in KEPT_HOSTS:
            return text
        labels = bare.split(".")
        end = labels[-1]
        mixed = [self._label(labels, at) for at in range(len(labels))]
        if len(labels) > 1 and end in KEPT_ENDS:
            mixed[-1] = end
        elif len(labels) > 1 and not end.isdigit():
            mixed[-1] = OWN_END
        return ".".join(mixed) + name[len(bare) :]

    def _label(self, labels: list[str], at: int) -> str:
        label = labels[at]
        if label in KEPT_HOSTS:
            return label
        # The same label in two domains says nothing; in one domain it is the same.
        domain = derive(self._key, ".".join(labels[at + 1 :]).encode("utf-8", "replace"), 16)
        return mix(domain + self._key, b"label", label)

    def host_port(self, text: str) -> str:
        """Return what stands for a host that a port may follow."""
        match = _HOST_PORT.match(text)
        if match is None:
            # An IPv6 address without its brackets has many colons.
            return self.addresses.text(text) or self.word(text)
        return self.host(match[1]) + match[2]


def is_number(text: str) -> bool:
    """Tell whether a user part is a telephone number, visual separators included (RFC 3966 §3)."""
    digits = sum(each.isdigit() for each in text)
    return digits >= _FEWEST_DIGITS and text.isascii() and _NUMBER.match(text) is not None
