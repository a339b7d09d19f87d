"""Words, in each language, for field values that are names or numbers."""

from collections.abc import Mapping

from analyzer.annotate.rule import Text
from analyzer.sip.reason import BlockFault, BlockVerdict
from analyzer.sip.registry import q850_causes, q850_causes_ja

VERDICTS: Mapping[str, Text] = {
    BlockVerdict.ABSENT.value: {"en": "no 603+", "ja": "603+ ではない"},
    BlockVerdict.CONFORMING.value: {"en": "conforming 603+", "ja": "規格に適合する 603+"},
    BlockVerdict.PHRASE_LOST.value: {
        "en": "603+ without its phrase",
        "ja": "理由句が失われた 603+",
    },
    BlockVerdict.MALFORMED.value: {"en": "malformed 603+", "ja": "書式に誤りのある 603+"},
}

FAULTS: Mapping[str, Text] = {
    each.value: {"en": en, "ja": ja}
    for each, en, ja in (
        (
            BlockFault.REASON_MISSING,
            "there is no Reason header",
            "Reason ヘッダーがありません",
        ),
        (
            BlockFault.VERSION_MISSING,
            "no Reason value has a text that begins with v=analytics1",
            "text が v=analytics1 で始まる Reason がありません",
        ),
        (
            BlockFault.VERSION_NOT_FIRST,
            "v=analytics1 is not the first item of the Reason text",
            "Reason の text が v=analytics1 で始まっていません",
        ),
        (
            BlockFault.VERSION_UNKNOWN,
            "the version in the Reason text is not v=analytics1",
            "Reason の text のバージョンが v=analytics1 ではありません",
        ),
        (
            BlockFault.TEXT_UNQUOTED,
            "the Reason text is not a quoted string",
            "Reason の text が引用符で囲まれていません",
        ),
        (
            BlockFault.OUTSIDE_TEXT,
            "v=analytics1 and the contact are parameters of Reason, not part of its text",
            "v=analytics1 と連絡先が text の中ではなく、Reason のパラメーターとして書かれています",
        ),
        (
            BlockFault.QUOTE_OPEN,
            "the quoted string in Reason does not end",
            "Reason の引用符が閉じられていません",
        ),
        (
            BlockFault.PROTOCOL_OTHER,
            "the protocol of Reason is neither SIP nor Q.850",
            "Reason のプロトコルが SIP でも Q.850 でもありません",
        ),
        (
            BlockFault.CAUSE_OTHER,
            "the cause in Reason is not 603 (protocol SIP) or 21 (protocol Q.850)",
            "Reason の cause が 603（SIP）でも 21（Q.850）でもありません",
        ),
        (
            BlockFault.CONTACT_MISSING,
            "the Reason text names no contact (url, tel or email)",
            "Reason の text に連絡先（url、tel、email）がありません",
        ),
        (
            BlockFault.URL_NOT_HTTPS,
            "the url in the Reason text is no https address",
            "Reason の text の url が https のアドレスではありません",
        ),
        (
            BlockFault.URL_NOT_PUBLIC,
            "the host of the url in the Reason text is no public DNS name",
            "Reason の text の url のホストが公開 DNS の名前ではありません",
        ),
        (
            BlockFault.TEL_NOT_E164,
            "the tel in the Reason text is no global E.164 number",
            "Reason の text の tel が国際 E.164 番号ではありません",
        ),
        (
            BlockFault.EMAIL_MALFORMED,
            "the email in the Reason text is no e-mail address",
            "Reason の text の email がメールアドレスの形式ではありません",
        ),
        (
            BlockFault.ID_TOO_LONG,
            "the id in the Reason text is longer than 64 characters",
            "Reason の text の id が 64 文字を超えています",
        ),
        (
            BlockFault.ID_MALFORMED,
            "the id in the Reason text has characters other than letters, digits, _ and -",
            "Reason の text の id に英数字、_、- 以外の文字があります",
        ),
        (
            BlockFault.LOCATION_MISSING,
            "Reason has no location",
            "Reason に location がありません",
        ),
        (
            BlockFault.LOCATION_UNKNOWN,
            "the location in Reason is none of LN, TN, RLN, LPN, RPN",
            "Reason の location が LN、TN、RLN、LPN、RPN のいずれでもありません",
        ),
    )
}

LOCATIONS: Mapping[str, Text] = {
    "U": {"en": "U (the user side)", "ja": "U（ユーザー側）"},
    "LPN": {
        "en": "LPN (private network of the calling side)",
        "ja": "LPN（発信側の私設網）",
    },
    "LN": {"en": "LN (originating network)", "ja": "LN（発信側の網）"},
    "TN": {"en": "TN (transit network)", "ja": "TN（中継網）"},
    "RLN": {
        "en": "RLN (network serving the called party)",
        "ja": "RLN（着信側の網）",
    },
    "RPN": {
        "en": "RPN (private network of the called side)",
        "ja": "RPN（着信側の私設網）",
    },
    "INTL": {"en": "INTL (international network)", "ja": "INTL（国際網）"},
    "BI": {
        "en": "BI (network beyond the interworking point)",
        "ja": "BI（インタワーキングポイントより先の網）",
    },
}


def _q850_meanings() -> dict[str, Text]:
    japanese = q850_causes_ja()
    return {
        each.phrase: {"en": each.phrase, "ja": japanese[cause]}
        for cause, each in q850_causes().items()
    }


Q850_MEANINGS: Mapping[str, Text] = _q850_meanings()
