"""What notebooks ask objects for."""

from analyzer.in_notebooks import ShownInNotebooks, show_in_notebooks


class Thing(ShownInNotebooks):
    """Something to show."""


class Other(Thing):
    """Something that nobody says how to show."""


def test_html_is_what_the_writer_of_the_class_says() -> None:
    """None, which leaves it at plain text, for a class without a writer."""
    show_in_notebooks({Thing: lambda thing: f"<b>{type(thing).__name__}</b>"})
    assert Thing()._repr_html_() == "<b>Thing</b>"
    assert Other()._repr_html_() is None
