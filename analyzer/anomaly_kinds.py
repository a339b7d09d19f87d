"""Everything that can be strange: kind, severity, and what it means in English and Japanese.

A stage names a kind when it adds to `AnomalyLog`; renderers look its words up here.
"""

from analyzer.frozen import frozen


@frozen
class AnomalyKind:
    """What a kind of anomaly means."""

    name: str
    severity: str
    """`info`, `notice`, `data_loss` (correct operation that still lost data) or `error`."""
    en: str
    ja: str


def _kinds(*rows: tuple[str, str, str, str]) -> dict[str, AnomalyKind]:
    return {row[0]: AnomalyKind(*row) for row in rows}


CAPTURE_KINDS = _kinds(
    (
        "file-cut",
        "data_loss",
        "the file ends inside a packet",
        "ファイルがパケットの途中で終わっています",
    ),
    (
        "damaged-record",
        "error",
        "a packet record cannot be right; reading stopped there",
        "パケットレコードが壊れているため、そこで読み取りを止めました",
    ),
    (
        "damaged-compression",
        "error",
        "the compressed data are damaged; what could be unpacked was read",
        "圧縮データが壊れています。展開できた部分だけを読み取りました",
    ),
    (
        "spool-limit",
        "data_loss",
        "the capture is longer than the limit for piped and compressed input; the rest was not read",
        "パイプ入力や圧縮入力の上限を超えたため、残りは読み取っていません",
    ),
    (
        "unknown-interface",
        "error",
        "a packet names an interface that the file does not describe",
        "ファイルに記述のないインターフェースを指すパケットがあります",
    ),
    (
        "unknown-file-version",
        "notice",
        "the file states a format version that is not known",
        "未知のフォーマットバージョンです",
    ),
    (
        "time-out-of-range",
        "notice",
        "a capture time before 1970 or after 2116 cannot be right",
        "1970 年より前または 2116 年より後の時刻があり、正しくないと考えられます",
    ),
    (
        "record-no-packet",
        "info",
        "a record that Wireshark numbers holds a log entry or the like and no packet",
        "Wireshark が番号を付けるレコードですが、中身はパケットではなくログなどです",
    ),
)

REDACTION_KINDS = _kinds(
    (
        "content-removed",
        "data_loss",
        "packets whose content could not be redacted with certainty lost it",
        "確実に匿名化できない内容を持つパケットがあり、その内容を取り除きました",
    ),
    (
        "keys-removed",
        "data_loss",
        "the capture holds TLS keys, which redaction takes out: what they decrypt stays unread",
        "キャプチャに含まれる TLS の鍵を匿名化のため取り除いたので、復号できるはずの内容は読んでいません",
    ),
)

PACKET_KINDS = _kinds(
    (
        "ip-fragment",
        "data_loss",
        "IP fragments whose other pieces are not in the capture",
        "IP フラグメントの残りがキャプチャにありません",
    ),
    (
        "tls",
        "data_loss",
        "SIP over TLS is encrypted; to see inside, give its key log with --keylog, or capture with HEP or exported PDUs",
        "SIP over TLS は暗号化されています。中身を見るには、--keylog で鍵ログを指定するか、HEP またはエクスポートした PDU を使ってください",
    ),
    (
        "tls-keys-unused",
        "data_loss",
        "the capture holds TLS keys, but tshark, which decrypts with them, could not be used",
        "キャプチャに TLS の鍵が含まれていますが、復号に使う tshark を利用できませんでした",
    ),
    (
        "stream-unread",
        "data_loss",
        "bytes of a SIP connection without the beginning of their message in the capture",
        "SIP コネクションのデータですが、メッセージの先頭がキャプチャにありません",
    ),
    (
        "packet-cut",
        "data_loss",
        "the snap length cut the packet inside its headers",
        "スナップ長により、パケットがヘッダーの途中で切れています",
    ),
    (
        "packet-damaged",
        "error",
        "the lengths or versions in the headers of the packet cannot be right",
        "パケットのヘッダーの長さまたはバージョンが正しくありません",
    ),
    (
        "too-many-layers",
        "error",
        "the packet has more headers inside each other than the limit",
        "パケットのヘッダーの入れ子が上限を超えています",
    ),
    (
        "unknown-link-type",
        "data_loss",
        "the link type is not read; --decoder tshark lets Wireshark's engine try",
        "このリンクタイプには未対応です。--decoder tshark を指定すると、Wireshark のエンジンで読み取れる場合があります",
    ),
    (
        "unknown-ethertype",
        "data_loss",
        "the EtherType or address family is not read; --decoder tshark lets Wireshark's engine try",
        "この EtherType またはアドレスファミリーには未対応です。--decoder tshark を指定すると、Wireshark のエンジンで読み取れる場合があります",
    ),
    (
        "unknown-ip-protocol",
        "data_loss",
        "the IP protocol is not read; --decoder tshark lets Wireshark's engine try",
        "この IP プロトコルには未対応です。--decoder tshark を指定すると、Wireshark のエンジンで読み取れる場合があります",
    ),
    (
        "gre",
        "data_loss",
        "GRE with source routes (RFC 1701) or of an unknown version is not read",
        "送信元ルーティング付き（RFC 1701）または未知のバージョンの GRE には未対応です",
    ),
    (
        "esp",
        "data_loss",
        "IPsec ESP is encrypted: what it carries cannot be seen",
        "IPsec ESP は暗号化されているため、中身は見えません",
    ),
    (
        "l2tp",
        "data_loss",
        "what an L2TPv3 session carries is neither Ethernet nor IP, or its cookie has an odd length",
        "L2TPv3 セッションの中身がイーサネットでも IP でもないか、クッキーの長さが特殊です",
    ),
    (
        "mpls",
        "data_loss",
        "what follows the MPLS labels is neither IP nor Ethernet",
        "MPLS ラベルの後が IP でもイーサネットでもありません",
    ),
    (
        "vxlan",
        "data_loss",
        "VXLAN-GPE names a next protocol that is not read yet",
        "VXLAN-GPE の次プロトコルには未対応です",
    ),
    (
        "gtpu",
        "data_loss",
        "what GTP-U carries is neither IP nor Ethernet",
        "GTP-U の中身が IP でもイーサネットでもありません",
    ),
    (
        "hep-compressed",
        "data_loss",
        "a message mirrored by HEP is compressed; that is not read yet",
        "HEP でミラーされたメッセージが圧縮されています。圧縮には未対応です",
    ),
    (
        "tzsp",
        "data_loss",
        "TZSP (packets mirrored by a router) carries a protocol that is not read yet",
        "TZSP（ルーターによるミラーパケット）が運ぶプロトコルには未対応です",
    ),
    (
        "erspan",
        "data_loss",
        "ERSPAN of an unknown version, or with frames that are neither Ethernet nor IP",
        "ERSPAN のバージョンが未知か、フレームがイーサネットでも IP でもありません",
    ),
    (
        "unknown-ppp-protocol",
        "data_loss",
        "the PPP protocol is not read yet",
        "この PPP プロトコルには未対応です",
    ),
    (
        "ppp-compressed",
        "data_loss",
        "PPP compresses or encrypts its packets (CCP, MPPE): what they carry cannot be seen",
        "PPP のパケットが圧縮または暗号化されているため（CCP、MPPE）、中身は見えません",
    ),
    (
        "wlan-protected",
        "data_loss",
        "802.11 frames are encrypted: what they carry cannot be seen",
        "802.11 フレームは暗号化されているため、中身は見えません",
    ),
    (
        "wlan-pieces",
        "data_loss",
        "802.11 fragments and aggregates (A-MSDU) are not taken apart yet",
        "802.11 のフラグメントと集約フレーム（A-MSDU）の分解には未対応です",
    ),
)

STREAM_KINDS = _kinds(
    (
        "fragment-overlap",
        "error",
        "IP fragments of a packet overlap; the first copy of each byte counts",
        "IP フラグメントが重なり合っています。各バイトは最初のものを採用しました",
    ),
    (
        "too-many-streams",
        "data_loss",
        "packets of more streams of RTP than are counted at a time (max_rtp_streams)",
        "RTP ストリームが同時に数えられる上限（max_rtp_streams）を超えたため、数えていないパケットがあります",
    ),
    (
        "stream-gap",
        "data_loss",
        "bytes of a connection with SIP are missing in the capture; reading went on at the next start line",
        "SIP コネクションのデータの一部がキャプチャになく、次の開始行から読み取りを再開しました",
    ),
    (
        "stream-garbage",
        "error",
        "what follows a message in a stream is no SIP; reading went on at the next start line",
        "ストリームでメッセージの後に SIP ではないデータがあり、次の開始行から読み取りを再開しました",
    ),
    (
        "stream-limit",
        "data_loss",
        "a limit on what is put together from several packets was hit; some of it was not read",
        "複数パケットの再構成の上限に達したため、一部を読み取っていません",
    ),
    (
        "websocket-deflate",
        "data_loss",
        "a compressed WebSocket message cannot be unpacked: it is damaged, or what came before is missing",
        "圧縮された WebSocket メッセージを展開できません。破損しているか、先行するデータがありません",
    ),
)

MESSAGE_KINDS = _kinds(
    (
        "address-malformed",
        "error",
        "an address in From, To or Contact does not follow the grammar",
        "From、To または Contact のアドレスが文法に従っていません",
    ),
    ("bare-lf", "notice", "lines end in LF without CR", "行末が CR のない LF だけになっています"),
    (
        "branch-bare-cookie",
        "notice",
        "the branch of the topmost Via is only z9hG4bK; matched as in RFC 2543",
        "最上位 Via の branch が z9hG4bK だけのため、RFC 2543 の方法で対応付けました",
    ),
    (
        "branch-missing",
        "notice",
        "the topmost Via has no branch; matched as in RFC 2543",
        "最上位 Via に branch がないため、RFC 2543 の方法で対応付けました",
    ),
    (
        "bytes-after-message",
        "info",
        "the datagram goes on after the body that Content-Length gives; the rest is ignored (RFC 3261 §18.3)",
        "Content-Length が示すボディーの後にもデータがあり、残りは無視しました（RFC 3261 §18.3）",
    ),
    (
        "call-id-malformed",
        "error",
        "Call-ID is empty or has white space in it",
        "Call-ID が空か、空白を含んでいます",
    ),
    (
        "content-length-conflict",
        "error",
        "several Content-Length headers say different things",
        "複数の Content-Length の値が一致しません",
    ),
    (
        "content-length-malformed",
        "error",
        "Content-Length is no number",
        "Content-Length が数値ではありません",
    ),
    (
        "content-length-missing",
        "error",
        "a message in a stream has no Content-Length (RFC 3261 §20.14)",
        "ストリーム上のメッセージに Content-Length がありません（RFC 3261 §20.14）",
    ),
    (
        "content-length-mismatch",
        "error",
        "Content-Length says more bytes than the datagram holds",
        "Content-Length の値がデータグラムの残りより大きくなっています",
    ),
    (
        "cseq-malformed",
        "error",
        "CSeq is not a number and a method",
        "CSeq が番号とメソッドの形になっていません",
    ),
    (
        "cseq-method-mismatch",
        "error",
        "the method of CSeq differs from the request's",
        "CSeq のメソッドがリクエストのメソッドと異なります",
    ),
    (
        "cseq-out-of-range",
        "error",
        "the number of CSeq is 2**31 or more",
        "CSeq の番号が 2**31 以上です",
    ),
    (
        "date-malformed",
        "notice",
        "Date is not in the form of RFC 1123 in GMT",
        "Date が RFC 1123 形式の GMT ではありません",
    ),
    (
        "duplicate-header",
        "error",
        "a header that may come once comes again; the first one counts",
        "一度しか使えないヘッダーが重複しています。最初のものを採用しました",
    ),
    ("from-tag-missing", "notice", "From has no tag", "From にタグがありません"),
    (
        "head-cut",
        "error",
        "the message ends before the empty line after its headers",
        "ヘッダーの後の空行の前でメッセージが終わっています",
    ),
    (
        "head-too-long",
        "error",
        "the headers are longer than the limit; the rest is not read",
        "ヘッダーが上限より長いため、残りは読んでいません",
    ),
    (
        "header-malformed",
        "error",
        "a header line has no colon, or a name that is no token",
        "ヘッダー行にコロンがないか、名前がトークンではありません",
    ),
    (
        "message-cut",
        "data_loss",
        "the capture holds only the beginning of the message",
        "キャプチャにメッセージの先頭部分しか含まれていません",
    ),
    ("missing-header", "error", "a mandatory header is missing", "必須のヘッダーがありません"),
    (
        "number-malformed",
        "error",
        "a header that must be a number is none",
        "数値であるべきヘッダーが数値ではありません",
    ),
    (
        "number-out-of-range",
        "error",
        "the number of a header is larger than it can be",
        "ヘッダーの数値が範囲を超えています",
    ),
    (
        "request-uri-brackets",
        "error",
        "the Request-URI is in angle brackets",
        "Request-URI が山括弧で囲まれています",
    ),
    (
        "request-uri-headers",
        "error",
        "the Request-URI carries headers",
        "Request-URI にヘッダーが含まれています",
    ),
    (
        "request-uri-malformed",
        "error",
        "the Request-URI has no scheme",
        "Request-URI にスキームがありません",
    ),
    (
        "request-uri-space",
        "error",
        "the Request-URI has white space in it",
        "Request-URI に空白が含まれています",
    ),
    (
        "start-line-space",
        "notice",
        "the start line has not exactly one space between its parts",
        "開始行の区切りが空白 1 文字になっていません",
    ),
    (
        "status-out-of-range",
        "error",
        "the status code is not from 100 to 699",
        "ステータスコードが 100 から 699 の範囲にありません",
    ),
    (
        "too-many-headers",
        "error",
        "there are more header lines than the limit; the rest is not read",
        "ヘッダー行が上限より多いため、残りは読んでいません",
    ),
    (
        "unterminated-quote",
        "error",
        "a quoted string has no end",
        "引用符で始まる文字列が閉じられていません",
    ),
    (
        "version-unknown",
        "error",
        "the version is not SIP/2.0",
        "バージョンが SIP/2.0 ではありません",
    ),
    (
        "via-malformed",
        "error",
        "the topmost Via does not follow the grammar",
        "最上位の Via が文法に従っていません",
    ),
    (
        "warning-malformed",
        "error",
        "Warning is not a code of three digits, an agent and a quoted text",
        "Warning が 3 桁のコード、エージェント、引用符付きテキストの形になっていません",
    ),
)

TRACKING_KINDS = _kinds(
    (
        "response-without-request",
        "notice",
        "the request of a response is not in the capture",
        "応答に対応するリクエストがキャプチャにありません",
    ),
    (
        "request-without-response",
        "notice",
        "no response to a request is in the capture",
        "リクエストに対する応答がキャプチャにありません",
    ),
    (
        "ack-without-invite",
        "notice",
        "the INVITE of an ACK is not in the capture",
        "ACK に対応する INVITE がキャプチャにありません",
    ),
    (
        "hop-unclear",
        "notice",
        "responses with one branch came on several paths; matched by address and time",
        "同じ branch の応答が複数の経路にあり、アドレスと時刻で対応付けました",
    ),
    (
        "clock-apart",
        "notice",
        "the clock of a capture is ahead of (+) or behind (-) that of another one with the same packets; its times were corrected",
        "同じパケットを含む別のキャプチャと比べて時計が進んで（+）または遅れて（-）いるため、時刻を補正しました",
    ),
    (
        "leg-ambiguous",
        "notice",
        "a leg could belong to two calls with equal right; it is left alone",
        "2 つの呼のどちらにも属しうるレグがあり、単独の呼として扱いました",
    ),
    (
        "request-again-after-response",
        "info",
        "a request came again after its response: the response was lost on the way to the client, or they crossed",
        "応答の後に同じリクエストが再送されています。応答がクライアントに届かなかったか、行き違いになりました",
    ),
    (
        "provisional-after-final",
        "notice",
        "a 1xx came after the final response of its transaction (RFC 3261 §17.2.1)",
        "最終応答の後に 1xx 応答が来ています（RFC 3261 §17.2.1）",
    ),
    (
        "second-final-response",
        "notice",
        "a transaction got a second, different final response; a client ignores it (RFC 3261 §17.1)",
        "1 つのトランザクションに 2 つ目の異なる最終応答が来ています。クライアントは無視します（RFC 3261 §17.1）",
    ),
    (
        "response-again-after-ack",
        "info",
        "a final response came again after its ACK: the ACK was lost on the way to the server, or they crossed",
        "ACK の後に最終応答が再送されています。ACK がサーバーに届かなかったか、行き違いになりました",
    ),
    (
        "ack-before-final",
        "notice",
        "an ACK came before any final response, or the capture lacks the response",
        "最終応答の前に ACK が来ています。または、応答がキャプチャにありません",
    ),
    (
        "response-after-timeout",
        "notice",
        "a final response came after 64*T1, when its client had given up (RFC 3261 §17.1, Timers B and F)",
        "64*T1 を過ぎてから最終応答が来ています。クライアントはすでに待つのをやめています（RFC 3261 §17.1、タイマー B と F）",
    ),
)

KINDS: dict[str, AnomalyKind] = (
    CAPTURE_KINDS | REDACTION_KINDS | PACKET_KINDS | STREAM_KINDS | MESSAGE_KINDS | TRACKING_KINDS
)
