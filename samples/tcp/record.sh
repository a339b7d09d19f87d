#!/usr/bin/env bash
# Records loopback.pcap: one call that is declined, then one that is answered, between two SIPp
# processes over TCP on the loopback interface, with the scenarios of ../sipp. Needs sipp (Debian:
# sip-tester), tcpdump and the right to capture.
set -euo pipefail
cd "$(dirname "$0")"

tcpdump -i lo -s 0 -U -w loopback.pcap 'tcp port 5074' 2>/dev/null &
recorder=$!
trap 'kill "$recorder" 2>/dev/null || true' EXIT
sleep 1
for scenario in declining answering; do
  sipp -t t1 -sf "../sipp/$scenario.xml" -i 127.0.0.1 -p 5074 -m 1 -nostdin >/dev/null &
  callee=$!
  sleep 1
  sipp -t t1 127.0.0.1:5074 -sf ../sipp/calling.xml -s bob -i 127.0.0.1 -p 5075 -m 1 -r 1 -nostdin >/dev/null
  wait "$callee"
done
sleep 1
