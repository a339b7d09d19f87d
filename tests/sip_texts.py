"""Texts of messages for properties: ways to write a header, ordinary and odd."""

from hypothesis import strategies as st

START_LINES = (
    "INVITE sip:bob@biloxi.example.com SIP/2.0",
    "ACK sip:bob@biloxi.example.com SIP/2.0",
    "REGISTER sips:example.com:5061;transport=tcp SIP/2.0",
    "SUBSCRIBE tel:+1-201-555-0123 SIP/2.0",
    "NEWMETHOD sip:bob@example.com SIP/2.0",
    "INVITE sip:bob@example.com?Subject=x SIP/2.0",
    "INVITE bob SIP/2.0",
    "INVITE  sip:bob@example.com  SIP/2.0",
    "INVITE <sip:bob@example.com> SIP/2.0",
    "INVITE sip:bob@example.com SIP/7.0",
    "INVITE sip:bob@example.com SIP/2.0 ",
    "INVITE sip:bob@ex\xa0mple.com SIP/2.0",
    "invite sip:bob@example.com SIP/2.0",
    "INVITE sip: SIP/2.0",
    "INVITE sip:bob@example.com",
    "\r\n\r\nOPTIONS sip:bob@example.com SIP/2.0",
    "SIP/2.0 200 OK",
    "SIP/2.0 180 Ring\xc3\xafng \rx",
    "SIP/2.0 603 ",
    "SIP/2.0 204",
    "SIP/2.0 99 No",
    "SIP/2.0 700 No",
    "SIP/2.0 4294967301 No",
    "SIP/2.0  200 OK",
    "sip/2.0 200 OK",
    "SIP/3.0 200 OK",
)
VALUES: dict[str, tuple[str, ...]] = {
    "Via": (
        "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnashds8",
        "SIP/2.0/UDP pc33.Example.com;branch=Z9HG4BKabc;rport;received=192.0.2.1",
        "SIP/2.0/UDP [2001:db8::9:1]:65535;branch=z9hG4bK.x ;rport=1",
        "SIP/2.0/TCP a.example.com:50600;branch=z9hG4bKa, SIP/2.0/UDP b;branch=z9hG4bKb",
        "SIP/2.0/UDP a.example.com:70000;branch=z9hG4bKa",
        "SIP/2.0/UDP a.example.com:05060;branch=old",
        "SIP / 2.0 / UDP a.example.com : 5060 ; branch = z9hG4bKfold",
        "SIP/2.0/UDP a.example.com;branch=z9hG4bK",
        "SIP/2.0/UDP a.example.com;branch;branch=z9hG4bKx",
        "SIP/2.0/UDP a.example.com;BRANCH=z9hG4bKx;branch=z9hG4bKy",
        "SIP/2.0/UDP a.example.com",
        'SIP/2.0/UDP a.example.com;x="a;branch=1,";branch=z9hG4bKx',
        "SIP/2.0/UDP a.example.com;;branch=z9hG4bKx",
        "SIP/2.0/UDP a.example.com;branch=z9hG4bKx;",
        "SIP/2.0/UDP [::1;branch=z9hG4bKx",
        "nonsense",
        "",
    ),
    "From": (
        '"Alice" <sip:alice@atlanta.example.com>;tag=1928301774',
        "sip:alice@atlanta.example.com;tag=19",
        "sip:alice@atlanta.example.com;x=1;TAG=19",
        "Alice B  <sip:alice@example.com;tag=inner> ;tag=outer",
        '"A\\"l;tag=9" <sip:alice@example.com>;tag=x',
        '"A;tag=9"<sip:alice@example.com>\t;y;tag=x;tag=z',
        "<sip:alice@example.com>;tag",
        "<sip:alice@example.com>",
        "<sip:alice@example.com>;tag=",
        '<sip:alice@example.com>;tag="q"',
        "<alice>;tag=1",
        "<sip:alice@example.com;tag=1",
        '"Alice <sip:alice@example.com>;tag=1',
        "sip:alice@example.com?x=y;tag=1",
        "\xe3\x82\xa2 <sip:alice@example.com>;tag=1",
        "<sip:alice@example.com>;tag=a\xa0b",
        "",
    ),
    "To": (
        "Bob <sip:bob@biloxi.example.com>",
        "<sip:bob@biloxi.example.com>;tag=a6c85cf",
        "sip:bob@biloxi.example.com;tag=a6c85cf",
        "<tel:+12015550123>;tag=7 ;x=y",
        "Bob, <sip:bob@example.com>",
        "<sip:bob@example.com> ; tag=1",
        "",
    ),
    "Call-ID": ("a84b4c76e66710@192.0.2.1", "x", "w\xc3\xa9", "a b", ""),
    "CSeq": (
        "314159 INVITE", "1 ACK", "00009 REGISTER", "0 SUBSCRIBE", "2147483647 INVITE",
        "2147483648 INVITE", "99999999999999999999 INVITE", "0 NEWMETHOD", "1\t INVITE",
        "1INVITE", "INVITE", "1 invite", "1 INVITE x", "",
    ),
    "Contact": (
        "<sip:alice@192.0.2.1>", "*", "sip:a@example.com, <sip:b@example.com>;expires=60",
        "<sip:a@example.com>;expires=3600;q=0.5", "<sip:a@example.com;expires=x>",
        "<sip:a@example.com>;expires=4294967296", "<sip:a@example.com>;expires",
        "<sip:a@example.com> ,\t<sip:b@example.com?x=y,z>;Expires=1 , sip:c@example.com",
        "<sip:a@example.com>, *", "sip:a@example.com,", "sip:a@example.com?x=y", "alice",
        '"a, b" <sip:a@example.com>', "",
    ),
    "Max-Forwards": ("70", "0", "255", "256", "0070", "x", ""),
    "Content-Length": ("4", "0", "5", "004", "-1", "4 ", "99999999999999999999", ""),
    "Content-Type": ("application/sdp", ""),
    "Date": (
        "Sat, 13 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:00 EST", "Xxx, 13 Nov 2010",
        "Sat, 13 Now 2010 23:29:00 GMT", "",
    ),
    "Expires": ("3600", "4294967295", "4294967296", "soon", ""),
    "Retry-After": ("18000", "120 (I'm in a meeting)", "5;duration=9", "x", ""),
    "Warning": (
        '307 isi.edu "Session parameter"', '370 a:5060 "x", 399 b "y"', '30 a "x"',
        '399 a;b<c> "quo\\"ted"', '399 a,b "x"', '399 a ""', '399 a "x" y', "",
    ),
    "Subject": ("two words", "", "x\x00y", "\xff"),
    "X.odd!%*_+`'~": ("x",),
    "b@d name": ("x",),
}  # fmt: skip
"""Values of headers; the first of each is ordinary."""
COMPACT = {
    "Via": "v", "From": "f", "To": "t", "Call-ID": "i", "Contact": "m", "Content-Length": "l",
    "Content-Type": "c", "Subject": "s",
}  # fmt: skip
MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")
COLONS = (": ", ":", " : ", "\t:\t", ":\r\n ", "")
LINE_ENDS = ("\r\n", " \r\n", "\r\n \r\n", "\n", "\r\r\n", "\r\n\t x\r\n")
ORDERS = st.permutations(range(len(VALUES)))


def header_line(name: str, how: int) -> str:
    """Write an ordinary header line: long or compact name, in any case."""
    written = COMPACT.get(name, name) if how & 1 else name
    return (written, written.lower(), written.upper(), written.title())[how >> 1] + (
        ": " + VALUES[name][0] + "\r\n"
    )


@st.composite
def odd_lines(draw: st.DrawFn, name: str) -> str:
    """Draw a header line that is odd in one way: its value, its colon, its end, a fold in it."""
    value, colon, end = VALUES[name][0], ": ", "\r\n"
    kind = draw(st.integers(0, 9))
    if kind < 7:
        value = draw(st.sampled_from(VALUES[name]))
    if kind == 7:
        colon = draw(st.sampled_from(COLONS))
    if kind == 8:
        end = draw(st.sampled_from(LINE_ENDS))
    if kind == 9:
        value = value.replace(" ", "\r\n ", 1)
    return name + colon + value + end


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """Draw a message: headers in any order, form and case; some odd, missing or repeated at times;
    damaged at times.
    """
    names = list(VALUES)
    chosen = [names[at] for at in draw(ORDERS) if at < len(MANDATORY) or draw(st.booleans())]
    lines = {
        name: header_line(name, draw(st.integers(0, 7))) for name in chosen if name != "b@d name"
    }
    first, end, body = START_LINES[0] + "\r\n", "\r\n", "body"
    oddity = draw(st.integers(0, 11))
    if oddity in (0, 1):
        first = draw(st.sampled_from(START_LINES)) + draw(
            st.sampled_from(["\r\n", "\r\n", "\n", ""])
        )
    if oddity == 2:
        end = draw(st.sampled_from(["\n", "", " \r\n"]))
    if oddity == 3:
        del lines[draw(st.sampled_from(MANDATORY))]
    if oddity == 4:
        body = draw(st.sampled_from(["", "body\r\n"]))
    for name in draw(st.lists(st.sampled_from(names), max_size=2)) if oddity > 3 else ():
        line = draw(odd_lines(name))
        lines[name] = draw(st.sampled_from([line, lines.get(name, "") + line]))
    text = first + "".join(lines.values()) + end + body
    raw = text.encode("latin-1")
    return draw(damaged(raw)) if oddity in (5, 6) else raw


@st.composite
def damaged(draw: st.DrawFn, raw: bytes) -> bytes:
    """Change some bytes, and cut at times."""
    changed = bytearray(raw)
    if changed:
        at = st.integers(0, len(changed) - 1)
        odd = st.one_of(
            st.sampled_from(b'\r\n \t:;,"<>\\=?@\x00\x85\xa0\x1c\x0b'), st.integers(0, 255)
        )
        for where, value in draw(st.lists(st.tuples(at, odd), max_size=2)):
            changed[where] = value
        if not draw(st.integers(0, 3)):
            del changed[draw(at) :]
    return bytes(changed)
