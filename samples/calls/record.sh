#!/usr/bin/env bash
# Records the captures beside it on the loopback interface: SIPp phones on ports 5090 to 5092 call each
# other through Kamailio on port 5080. Needs kamailio, sipp (Debian: sip-tester), tcpdump and the right
# to capture.
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d)
kamailio -f kamailio.cfg -DD -E -Y "$scratch" -w "$scratch" >/dev/null 2>&1 &
proxy=$!
recorder=$proxy
trap 'kill "$proxy" "$recorder" 2>/dev/null || true; rm -rf "$scratch"' EXIT
sleep 2

phone() { sipp -sf "$1.xml" -i 127.0.0.1 -p "$2" -m 1 -nostdin -timeout 20s >/dev/null; }

# record NAME CALLEE CALLER-SCENARIO SCENARIO-ON-5091 [SCENARIO-ON-5092]
record() {
  tcpdump -i lo -s 0 -U -w "$1.pcap" 'udp portrange 5080-5092' 2>/dev/null &
  recorder=$!
  local phones=()
  sleep 1
  phone "$4" 5091 & phones+=($!)
  if [ $# -gt 4 ]; then phone "$5" 5092 & phones+=($!); fi
  sleep 1
  sipp 127.0.0.1:5080 -sf "$3.xml" -s "$2" -i 127.0.0.1 -p 5090 -m 1 -nostdin -timeout 20s >/dev/null
  wait "${phones[@]}"
  sleep 1
  kill "$recorder"
  wait "$recorder" || true
}

record forked both calling busy answering
record forked_first_wins both calling answering ringing
record given_up both giving_up ringing ringing
