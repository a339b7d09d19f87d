"""YAML text → plain data."""

from analyzer.annotate.rule_text import duplicate_faults, read_yaml

TEXT = "id: a\nexamples:\n  - name: |\n      x\n\n      y\n  # remark\n"


def test_examples_are_passed_over_on_demand() -> None:
    """Without examples the rest is the same; examples that are not last are kept."""
    assert read_yaml(TEXT, examples=True)[0] == {"id": "a", "examples": [{"name": "x\n\ny\n"}]}
    assert read_yaml(TEXT, examples=False)[0] == {"id": "a"}
    data, _ = read_yaml(TEXT + "name: b\n", examples=False)
    assert isinstance(data, dict)
    assert set(data) == {"id", "examples", "name"}


def test_keys_that_stand_twice() -> None:
    """YAML lets a later key win in silence; here it is a fault with its path."""
    text = "a: 1\nb:\n  - {c: 1, c: 2}\n"
    assert read_yaml(text, examples=True)[1] == ["c"]
    assert [fault.path for fault in duplicate_faults(text)] == [("b", 0, "c")]
