#!/usr/bin/env bash
# Records loopback.pcap: two calls that are declined, then two that are answered, between two SIPp
# processes on the loopback interface. Needs sipp (Debian: sip-tester), tcpdump and the right to capture.
set -euo pipefail
cd "$(dirname "$0")"

tcpdump -i lo -s 0 -U -w loopback.pcap 'udp port 5070' 2>/dev/null &
recorder=$!
trap 'kill "$recorder" 2>/dev/null || true' EXIT
sleep 1
for scenario in declining answering; do
  sipp -sf "$scenario.xml" -i 127.0.0.1 -p 5070 -m 2 -nostdin >/dev/null &
  callee=$!
  sleep 1
  sipp 127.0.0.1:5070 -sf calling.xml -s bob -i 127.0.0.1 -p 5071 -m 2 -r 1 -nostdin >/dev/null
  wait "$callee"
done
sleep 1
