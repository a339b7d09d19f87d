"""The language of the texts: which one to use, and the texts themselves (`locale/*.yaml`).

Texts are templates with named placeholders; what fills them, text from a capture included, is only
ever an argument and never read as a template. A text that depends on a number has the forms `one`
and `other`. Texts of rules are not here, they stay in the rules.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analyzer.yaml_cache import parse_once

LANGUAGES = ("en", "ja")
"""Languages with a complete set of texts; the first is used where none fits."""

_ENVIRONMENT = ("LC_ALL", "LC_MESSAGES", "LANG")


class Texts:
    """The texts of one language."""

    def __init__(self, language: str, templates: Mapping[str, str]) -> None:
        """Take templates by their dotted keys."""
        self.language = language
        self.templates = templates

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its placeholders filled."""
        return self.templates[key].format_map(values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return a text in the form that goes with a number, which fills `{n}`."""
        form = "one" if number == 1 else "other"
        return self(f"{key}.{form}", n=f"{number:,}", **values)

    def has(self, key: str) -> bool:
        """Tell whether there is a text for a key."""
        return key in self.templates


@cache
def load_texts(language: str, section: str = "") -> Texts:
    """Read `locale/<language>.yaml`, or with a section `locale/<section>.<language>.yaml`."""
    name = f"{section}.{language}.yaml" if section else f"{language}.yaml"
    path = Path(__file__).parent / "locale" / name
    return Texts(language, parse_once(path, path.read_text("utf-8"), _parse))


def _parse(text: str) -> dict[str, str]:
    import yaml  # noqa: PLC0415 - seldom needed: see yaml_cache

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _flatten(yaml.load(text, loader))  # noqa: S506 - both are safe loaders


def choose_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the locale as the environment or the system states it."""
    stated = next((environment[name] for name in _ENVIRONMENT if environment.get(name)), "")
    if not stated and os.name == "nt":
        stated = _windows_language()
    wanted = stated.lower()[:2]
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _windows_language() -> str:
    import locale  # noqa: PLC0415 - only where the environment does not say

    return locale.getlocale()[0] or ""


def _flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
