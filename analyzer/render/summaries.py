"""States and figures → one sentence for each record, from templates in `locale/summaries.*.yaml`.

A template has `{placeholders}` and `[parts]` that are left out when a value in them is absent.
"""

import re
from collections.abc import Mapping, Sequence

from analyzer.frozen import frozen
from analyzer.i18n import Texts, load_texts
from analyzer.render.record_columns import Part, Sentences, Template, Value
from analyzer.tables.vector import IntArray

_PIECE = re.compile(r"\[([^\]]*)\]|\{([a-z_]+)\}|([^\[{]+)")


@frozen
class Summaries:
    """The sentences of one type of record."""

    texts: Texts
    kind: str
    """Section of the templates: `call`, `subscription` or `registration`."""

    @classmethod
    def of(cls, language: str, kind: str) -> "Summaries":
        """Load the sentences of a language."""
        return cls(load_texts(language, "summaries"), kind)

    @property
    def units(self) -> tuple[str, str, str]:
        """What follows hours, minutes and seconds."""
        return self.texts("units.hours"), self.texts("units.minutes"), self.texts("units.seconds")

    def sentences(
        self, variants: IntArray, names: Sequence[str], values: Mapping[str, Value]
    ) -> Sentences:
        """Return a sentence for each record: that of `names[variant]`."""
        templates = [
            parse_template(self.texts.templates[f"{self.kind}.{name}"], values) for name in names
        ]
        return Sentences(variants, tuple(templates), self.texts("unknown"))


def parse_template(text: str, values: Mapping[str, Value]) -> Template:
    """Read a template with the values its placeholders name."""
    template: list[Part | tuple[Part, ...]] = []
    for match in _PIECE.finditer(text):
        optional, name, words = match.groups()
        if optional is not None:
            template.append(_parts(optional, values))
        else:
            template.append(words if name is None else values[name])
    return tuple(template)


def _parts(text: str, values: Mapping[str, Value]) -> tuple[Part, ...]:
    return tuple(
        words if words is not None else values[name]
        for _, name, words in (match.groups() for match in _PIECE.finditer(text))
    )
