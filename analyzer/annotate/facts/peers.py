"""Fields of how else the one who answered answers: whether this response is the rule there."""

import numpy as np

from analyzer.annotate.fields import Coded, Judged, Values, field
from analyzer.tables.schema import Int64
from analyzer.tables.vector import distinct, is_in


def _counts(judged: Judged) -> tuple[Int64, Int64]:
    """Count for each row judged the requests of its method that its server answered finally, and
    those that got the same status.
    """
    table, own = judged.trace.transactions, judged.transaction_rows
    finals = np.flatnonzero(table.final_row >= 0)
    places = table.server_row.astype(np.int64) * (1 << 16) + table.method_sym
    finals = finals[is_in(places[finals], places[own])]
    numbered = distinct(np.concatenate([places[finals], places[own]]))
    place = np.searchsorted(numbered, places[finals])
    of = np.searchsorted(numbered, places[own])
    status = judged.trace.messages.status[judged.message_rows].astype(np.int64)
    keys = np.sort(place * 1000 + table.final_status[finals])
    wanted = of * 1000 + status
    same = np.searchsorted(keys, wanted, "right") - np.searchsorted(keys, wanted, "left")
    asked = np.bincount(place, minlength=len(numbered))[of]
    return asked, same


def _numbers(counted: Int64) -> Coded:
    different = distinct(counted)
    return Coded(np.searchsorted(different, counted), different.tolist())


@field(
    "server.answers",
    "number",
    en="Requests of this method that who answered gave a final response in the capture.",
    ja="応答した装置が、キャプチャ内で最終応答を返した同じメソッドのリクエストの数。",
)
def _answers(judged: Judged) -> Values:
    return _numbers(judged.kept(_counts)[0])


@field(
    "server.same_answers",
    "number",
    en="Those of them that got this status.",
    ja="そのうち、この応答コードが返されたものの数。",
)
def _same_answers(judged: Judged) -> Values:
    return _numbers(judged.kept(_counts)[1])


@field(
    "server.always",
    "flag",
    en="Whether all of them, two at least, got this status.",
    ja="それらが 2 件以上あり、すべてこの応答コードであるかどうか。",
)
def _always(judged: Judged) -> Values:
    asked, same = judged.kept(_counts)
    return Coded.flags((asked == same) & (asked > 1))
