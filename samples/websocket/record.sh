#!/usr/bin/env bash
# Records loopback.pcap: a JsSIP user agent registers over WebSocket, its MESSAGE is declined; once
# plain, once with permessage-deflate. Needs node with `npm install jssip@3.13.8 ws@8.23.0` in this
# folder (node_modules is not committed), tcpdump and the right to capture.
set -euo pipefail
cd "$(dirname "$0")"

tcpdump -i lo -s 0 -U -w loopback.pcap 'tcp portrange 5076-5077' 2>/dev/null &
recorder=$!
trap 'kill "$recorder" 2>/dev/null || true' EXIT
sleep 1
for DEFLATE in 0 1; do
  export DEFLATE PORT=$((5076 + DEFLATE))
  node server.js &
  server=$!
  sleep 1
  timeout 8 node client.js
  kill "$server"
done
sleep 1
