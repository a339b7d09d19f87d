"""Makes a SIP call over TLS on loopback that is declined after ringing, and writes the key log.

Both ends are OpenSSL through Python's ssl module. The 603 leaves in two TLS records.

    python call.py CERTIFICATE KEY KEYLOG
"""

import socket
import ssl
import sys
import threading
import time

PORT = 5061
ENDS = ("From: <sip:alice@example.com>;tag=a1", "Call-ID: over-tls@example.com")
VIA = "Via: SIP/2.0/TLS 127.0.0.1:40000;branch=z9hG4bK-over-tls-1"
CALLEE = "To: <sip:bob@example.com>"
ANSWERED = f"{CALLEE};tag=b1"


def message(start_line: str, *headers: str) -> bytes:
    """Return a message without body."""
    return "\r\n".join((start_line, *headers, "Content-Length: 0", "", "")).encode()


def read_until(stream: ssl.SSLSocket, start: bytes) -> None:
    """Read up to the end of the message that begins with a start line."""
    received = b""
    while start not in received or not received.endswith(b"\r\n\r\n"):
        received += stream.recv(65535)


def answer(server: socket.socket, certificate: str, key: str) -> None:
    """Ring for two seconds and decline."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["sip/2"])
    connection, _ = server.accept()
    with context.wrap_socket(connection, server_side=True) as stream:
        read_until(stream, b"INVITE ")
        common = (VIA, *ENDS, ANSWERED, "CSeq: 1 INVITE")
        stream.sendall(message("SIP/2.0 180 Ringing", *common))
        time.sleep(2)
        declined = message("SIP/2.0 603 Decline", *common, "Server: DeskPhone/2.0")
        stream.sendall(declined[:40])
        time.sleep(0.05)
        stream.sendall(declined[40:])
        read_until(stream, b"ACK ")


def call(keylog: str) -> None:
    """Call, and acknowledge the 603."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.keylog_filename = keylog
    context.set_alpn_protocols(["sip/2"])
    connection = socket.create_connection(("127.0.0.1", PORT))
    with context.wrap_socket(connection, server_hostname="sip.example.com") as stream:
        common = (VIA, "Max-Forwards: 70", *ENDS)
        contact = "Contact: <sip:alice@127.0.0.1:40000;transport=tls>"
        invite = (*common, CALLEE, "CSeq: 1 INVITE", contact)
        stream.sendall(message("INVITE sip:bob@example.com SIP/2.0", *invite))
        read_until(stream, b"SIP/2.0 603 ")
        stream.sendall(message("ACK sip:bob@example.com SIP/2.0", *common, ANSWERED, "CSeq: 1 ACK"))
        time.sleep(0.2)


def main(certificate: str, key: str, keylog: str) -> None:
    """Run both ends."""
    with socket.create_server(("127.0.0.1", PORT)) as server:
        callee = threading.Thread(target=answer, args=(server, certificate, key))
        callee.start()
        call(keylog)
        callee.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
