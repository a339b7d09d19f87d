"""The number behind a verdict → the words that explain it."""

from analyzer.decode.link_names import LINK_NAMES


def explain(kind: str, number: int) -> str:
    """Return the detail of an anomaly of this kind, "" when its name says it all."""
    if kind == "unknown-link-type":
        name = f" ({LINK_NAMES[number]})" if number in LINK_NAMES else ""
        return f"link type {number}{name}"
    if kind == "unknown-ethertype":
        return f"EtherType 0x{number:04x}" if number > 255 else f"address family {number}"
    if kind == "unknown-ppp-protocol":
        return f"PPP protocol 0x{number:04x}"
    if kind == "unknown-ip-protocol":
        return f"IP protocol {number}"
    return ""
