#!/usr/bin/env bash
# Records kamailio.pcap: a declined call through a kamailio that mirrors it by HEP, versions 3, 2 and 1, on
# the loopback interface. Needs kamailio, sipp (Debian: sip-tester), tcpdump and the right to capture.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)

tcpdump -i lo -s 0 -U -w kamailio.pcap 'udp port 9060' 2>/dev/null &
recorder=$!
trap 'kill "$recorder" 2>/dev/null || true; rm -r "$work"' EXIT
sleep 1
for version in 3 2 1; do
  kamailio -f "$PWD/kamailio.cfg" -A "HEP_VERSION=$version" -DD -E -Y "$work" -w "$work" -m 64 -M 8 2>"$work/log" &
  proxy=$!
  sipp -sf ../sipp/declining.xml -i 127.0.0.1 -p 5182 -m 1 -nostdin >/dev/null &
  callee=$!
  sleep 2
  sipp 127.0.0.1:5180 -sf ../sipp/calling.xml -s bob -i 127.0.0.1 -p 5181 -m 1 -nostdin >/dev/null
  wait "$callee"
  sleep 1
  kill "$proxy"
  wait "$proxy" || true
done
sleep 1
