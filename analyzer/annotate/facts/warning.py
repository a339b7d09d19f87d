"""Fields of the Warning header: why a session could not be agreed on (RFC 3261 §20.43)."""

from analyzer.annotate.facts.reason import all_values
from analyzer.annotate.fields import Judged, Value, Values, field
from analyzer.annotate.rule import Text
from analyzer.sip.registry import warning_codes
from analyzer.sip.warning import Warning as WarningValue
from analyzer.sip.warning import parse_warnings

_MISCELLANEOUS = 399

_JA = {
    300: "互換性のないネットワークプロトコル",
    301: "互換性のないネットワークアドレス形式",
    302: "互換性のないトランスポートプロトコル",
    303: "互換性のない帯域幅の単位",
    304: "利用できないメディア種別",
    305: "互換性のないメディア形式",
    306: "理解できない属性",
    307: "理解できない SDP パラメーター",
    308: "互換性のない言語指定",
    330: "マルチキャスト利用不可",
    331: "ユニキャスト利用不可",
    370: "帯域幅の不足",
    380: "SIPS の使用不可",
    381: "SIPS が必要",
    399: "その他の警告",
}
MEANINGS: dict[str, Text] = {
    each.text: {"en": each.text, "ja": _JA.get(code, each.text)}
    for code, each in warning_codes().items()
}


def warning_values(judged: Judged) -> list[WarningValue | None]:
    """Return for each response the warning that says most: one of a registered code other than
    399, else the first.
    """
    known = warning_codes()
    parsed: dict[tuple[str, ...], WarningValue | None] = {}
    found = []
    for lines in all_values(judged.trace, judged.message_rows, "Warning"):
        if lines not in parsed:
            every = parse_warnings(lines)
            telling = [each for each in every if each.code in known and each.code != _MISCELLANEOUS]
            parsed[lines] = next(iter([*telling, *every]), None)
        found.append(parsed[lines])
    return found


@field("warning.code", "number", en="Code of the Warning.", ja="Warning のコード。")
def _code(judged: Judged) -> Values:
    return [each.code if each else None for each in judged.kept(warning_values)]


@field(
    "warning.meaning",
    "text",
    en="What that code means, as registered.",
    ja="そのコードの登録上の意味。",
    choices=MEANINGS,
)
def _meaning(judged: Judged) -> Values:
    known = warning_codes()

    def meaning(each: WarningValue | None) -> Value:
        return known[each.code].text if each and each.code in known else None

    return [meaning(each) for each in judged.kept(warning_values)]


@field("warning.text", "text", en="Text of the Warning.", ja="Warning のテキスト。")
def _text(judged: Judged) -> Values:
    return [(each.text or None) if each else None for each in judged.kept(warning_values)]


@field(
    "warning.agent",
    "text",
    en="Who added the Warning, as it says.",
    ja="Warning を付けた装置（記載のまま）。",
)
def _agent(judged: Judged) -> Values:
    return [each.agent if each else None for each in judged.kept(warning_values)]
