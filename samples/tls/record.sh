#!/usr/bin/env bash
# Records declined.pcap and its key log, declined.keys: a call over TLS on the loopback interface
# (call.py). declined_with_keys.pcapng is the same with the keys inside (a decryption secrets block).
# Needs openssl, tcpdump, editcap (Debian: wireshark-common) and the right to capture.
set -euo pipefail
cd "$(dirname "$0")"

secret=$(mktemp -d)
rm -f declined.keys
tcpdump -i lo -s 0 -U -w declined.pcap 'tcp port 5061' 2>/dev/null &
recorder=$!
trap 'kill "$recorder" 2>/dev/null || true; rm -rf "$secret"' EXIT
sleep 1
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=sip.example.com \
  -keyout "$secret/key.pem" -out "$secret/certificate.pem" 2>/dev/null
python3 call.py "$secret/certificate.pem" "$secret/key.pem" declined.keys
sleep 1
kill "$recorder"
wait "$recorder" || true
editcap --inject-secrets tls,declined.keys declined.pcap declined_with_keys.pcapng
