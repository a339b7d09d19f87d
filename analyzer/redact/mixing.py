"""Text → text of the same shape: a lower-case letter stays one, a digit stays one, and what is
neither stays as it is.

Different texts of one shape stay different: the two halves of the characters that are moved decide
in turn, with the key, how far those of the other half are moved within their classes (a Feistel
network), which can be undone.
"""

import hashlib
from functools import lru_cache

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_CLASSES = ("0123456789", _LOWER, _LOWER.upper())
_HEX_CLASSES = ("0123456789", "abcdef", "ABCDEF")
_HEX = frozenset("0123456789abcdefABCDEF")
_LETTERS = "".join(chr(code) for code in range(0xE0, 0x100) if code != 0xF7)
"""What stands for characters that are not ASCII: as many bytes as a letter of another script, or
fewer, and no name.
"""
_ROUNDS = 4
_DIGEST_BYTES = 64
_AMOUNT_BYTES = 2

_Place = tuple[int, str]
"""A character that is moved, and the alphabet it stays in."""


def _alphabets(classes: tuple[str, ...]) -> dict[str, str]:
    return {each: alphabet for alphabet in classes for each in alphabet}


_ALPHABETS, _HEX_ALPHABETS = _alphabets(_CLASSES), _alphabets(_HEX_CLASSES)


def mix(key: bytes, domain: bytes, text: str) -> str:
    """Return what stands for a text; the same text of two domains gives unlike results."""
    is_hex = _is_hex(text)
    places = _places(text, _HEX_ALPHABETS if is_hex else _ALPHABETS)
    if not places:
        return text
    found = _mixed(key, domain, text, places)
    while not is_hex and _is_hex(found):
        # Those are what hexadecimal texts are exchanged for: go on until it is none.
        found = _mixed(key, domain, found, places)
    return found


def _is_hex(text: str) -> bool:
    return all(each in _HEX or not each.isalpha() for each in text)


def _mixed(key: bytes, domain: bytes, text: str, places: list[_Place]) -> str:
    characters = list(text)
    halves = places[: len(places) // 2], places[len(places) // 2 :]
    for number in range(_ROUNDS):
        moved = halves[(number + 1) % 2]
        deciding = characters.copy()
        for at, _ in moved:
            deciding[at] = ""
        # What is never moved counts too: texts of unlike shape have nothing in common.
        seed = f"{number}\0{chr(1).join(deciding)}"
        _move(characters, moved, _amounts(key, domain, seed, len(moved)))
    return "".join(characters)


def _move(characters: list[str], places: list[_Place], amounts: bytes) -> None:
    for number, (at, alphabet) in enumerate(places):
        start = number * _AMOUNT_BYTES
        amount = int.from_bytes(amounts[start : start + _AMOUNT_BYTES], "big")
        known = alphabet.find(characters[at])
        value = known if known >= 0 else ord(characters[at])
        characters[at] = alphabet[(value + amount) % len(alphabet)]


def _places(text: str, alphabet_of: dict[str, str]) -> list[_Place]:
    return [
        (at, alphabet_of.get(each, _LETTERS))
        for at, each in enumerate(text)
        if each in alphabet_of or each > "\x7f"
    ]


def _amounts(key: bytes, domain: bytes, text: str, count: int) -> bytes:
    hasher = _hasher(key, domain).copy()
    hasher.update(text.encode("utf-8", "surrogatepass"))
    first = hasher.digest()
    wanted = count * _AMOUNT_BYTES
    if wanted <= len(first):
        return first
    blocks = range(1 + wanted // _DIGEST_BYTES)
    return b"".join(hashlib.blake2b(each.to_bytes(4, "big"), key=first).digest() for each in blocks)


@lru_cache(maxsize=4096)
def _hasher(key: bytes, domain: bytes) -> "hashlib.blake2b":
    person = domain.ljust(16, b"\0")
    return hashlib.blake2b(key=key, digest_size=_DIGEST_BYTES, person=person)
