"""What can be looked up: a kind and a key, as `sipwhy explain` takes them."""

from analyzer.frozen import frozen
from analyzer.i18n import Texts
from analyzer.sip.registry import (
    q850_causes,
    q850_causes_ja,
    response_codes,
    unregistered_codes,
    warning_codes,
)

PREFIXES = {
    "cause": "q850:",
    "warning": "warning:",
    "timer": "timer:",
    "reason": "reason:",
    "location": "location:",
}
"""Kind → what stands before its key; the keys of other kinds say what they are."""


@frozen
class Subject:
    """Something that can be looked up."""

    kind: str
    key: str

    def written(self) -> str:
        """Return it as a person may type it."""
        return PREFIXES.get(self.kind, "") + self.key


def phrase_of(code: int) -> str:
    """Return the registered phrase of a status code, or one seen in the wild; "" for neither."""
    known = response_codes().get(code) or unregistered_codes().get(code)
    return known.phrase if known else ""


def name_of(code: int) -> str:
    """Return a status code with its phrase."""
    return f"{code} {phrase_of(code)}".rstrip()


def title_of(subject: Subject, words: Texts) -> str:
    """Return what a subject is called in a list."""
    key = subject.key
    if subject.kind == "code":
        return name_of(int(key))
    if subject.kind == "cause":
        cause = int(key)
        phrase = q850_causes_ja()[cause] if words.language == "ja" else q850_causes()[cause].phrase
        return words("title.cause", key=key, phrase=phrase)
    if subject.kind == "warning":
        return words("title.warning", key=key, phrase=warning_codes()[int(key)].text)
    return words(f"title.{subject.kind}", key=key) if subject.kind != "rule" else key
