"""The field that names tools which search the Internet for SIP servers to misuse."""

import re

import numpy as np

from analyzer.annotate.fields import UNKNOWN, Coded, Judged, Values, field
from analyzer.sip.headers import distinct_header_values

_TOOLS = re.compile(
    r"friendly-(?:scanner|request)|sipvicious|sundayddr|sip-?scan|sipcli|pplsip|vaxsip|smap\b|"
    r"siparmyknife|sipptk|sippts|\bgulp\b|\bnm@p\b|nmap|iwar\b|masscan",
    re.IGNORECASE,
)
"""Names that such tools give as their User-Agent unless somebody tells them to hide."""


@field(
    "scanner",
    "text",
    en="User-Agent of the request where it is that of a tool that scans for SIP servers.",
    ja="SIP サーバーをスキャンするツールのものである場合の、リクエストの User-Agent。",
)
def _scanner(judged: Judged) -> Values:
    rows = judged.request_rows
    seen = np.flatnonzero(rows >= 0)
    codes, values = distinct_header_values(judged.trace, rows[seen], "User-Agent")
    every = np.full(len(rows), len(values), np.int64)
    every[seen] = codes
    named = [value if value and _TOOLS.search(value) else None for value in values]
    return Coded(every, [*named, UNKNOWN])
