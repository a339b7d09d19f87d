"""A page → JSON: the same sections under ids that no language changes."""

import json

from analyzer.reference.page import Item, Page, Section

Json = dict[str, object]


def json_of(page: Page) -> str:
    """Return a page as JSON."""
    data: Json = {
        "kind": page.kind,
        "key": page.key,
        "title": page.title,
        "language": page.language,
        **({"lead": page.lead} if page.lead else {}),
        "sections": [_section(each) for each in page.sections],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _section(section: Section) -> Json:
    data: Json = {"id": section.id, "heading": section.heading}
    if section.texts:
        data["texts"] = list(section.texts)
    if section.table:
        data["columns"] = list(section.table.columns)
        data["rows"] = [list(row) for row in section.table.rows]
    if section.items:
        data["items"] = [_item(each) for each in section.items]
    if section.parts:
        data["sections"] = [_section(each) for each in section.parts]
    return data


def _item(item: Item) -> Json:
    data: Json = {"text": item.text}
    if item.label:
        data["label"] = item.label
    if item.more:
        data["more"] = list(item.more)
    return data
