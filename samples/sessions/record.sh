#!/usr/bin/env bash
# Records calls between two SIPp processes. Needs sipp (Debian: sip-tester). The session timers are
# shorter than RFC 4028 allows, so that the captures are.
#   reliable     early media in a 183 that a PRACK acknowledges, then ringing and an answer
#   refreshed    a session timer that an UPDATE refreshes
#   ran_out      a session timer that nobody refreshes: the callee hangs up before it runs out
#   too_late     a CANCEL crosses the 200, and the caller hangs up
source "$(dirname "$0")/../recording.sh"

# between NAME CALLEE CALLER: record what two scenarios say to each other
between() {
  record "$1" 'udp port 5070'
  sipp_at 127.0.0.2:5070 "$2" &
  local other=$!
  until_bound 127.0.0.2:5070
  sipp_at 127.0.0.1:5071 "$3" -s bob 127.0.0.2:5070
  wait "$other"
  keep
}

between reliable ringing_reliably acknowledging
between refreshed refreshed refreshing
between ran_out running_out forgetting
between too_late answering_across too_late
