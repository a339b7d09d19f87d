"""YAML text → plain data, with duplicate keys noticed; `examples` are passed over where only the
rule is needed: they are most of a file.
"""

import re
from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Any

from analyzer.annotate.faults import Fault

if TYPE_CHECKING:
    import yaml

_EXAMPLES = re.compile(r"^examples:[ \t]*$", re.MULTILINE)
_NEXT_KEY = re.compile(r"^[^ \t\-#\r\n]", re.MULTILINE)


@cache
def _loader() -> type[Any]:
    import yaml  # noqa: PLC0415 - only rules need it

    base: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]  # the base is chosen at run time
        """Notes keys that a mapping has twice."""

        duplicates: list[str]

        def construct_mapping(
            self, node: "yaml.MappingNode", *, deep: bool = False
        ) -> dict[Hashable, Any]:
            """Construct a mapping as usual."""
            names = [str(key.value) for key, _ in node.value]
            self.duplicates += {name for name in names if names.count(name) > 1}
            result: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
            return result

    return Loader


class NoYamlError(Exception):
    """A text is no YAML; the cause says where and why."""


def read_yaml(text: str, *, examples: bool = False) -> tuple[object, list[str]]:
    """Return the data of a rule file and the keys that a mapping has twice; raises NoYamlError."""
    import yaml  # noqa: PLC0415 - seldom needed: see analyzer.yaml_cache

    if not examples:
        match = _EXAMPLES.search(text)
        if match and not _NEXT_KEY.search(text, match.end()):
            text = text[: match.start()]
    loader = _loader()(text)
    loader.duplicates = []
    try:
        return loader.get_single_data(), loader.duplicates
    except yaml.YAMLError as error:
        raise NoYamlError from error
    finally:
        loader.dispose()


def duplicate_faults(text: str) -> list[Fault]:
    """Return a fault for each key that stands twice in one mapping."""
    import yaml  # noqa: PLC0415 - only rules need it

    faults: list[Fault] = []
    todo: list[tuple[Any, tuple[str | int, ...]]] = [(yaml.compose(text, yaml.SafeLoader), ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    faults.append(Fault((*path, name), f'"{name}" stands here twice', at_key=True))
                seen.add(name)
                todo.append((value, (*path, name)))
        elif isinstance(node, yaml.SequenceNode):
            todo += [(value, (*path, index)) for index, value in enumerate(node.value)]
    return faults
