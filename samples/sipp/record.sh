#!/usr/bin/env bash
# Records calls and subscriptions between two SIPp processes. Needs sipp (Debian: sip-tester).
#   loopback                two calls that are declined, then two that are answered
#   blocked                 a 603+, whole
#   declined_for_now        a 603 with Retry-After
#   hold_refused            a re-INVITE that is declined in a call that goes on
#   one_way                 a call in which only the caller sends RTP
#   subscription            conditional refresh, mute and end, each answered with 204
#   notify_not_suppressed   NOTIFYs that a 204 had ruled out
source "$(dirname "$0")/../recording.sh"

# between NAME CALLEE CALLER [OPTION…]: record what two scenarios say to each other
between() {
  local name=$1 callee=$2 caller=$3
  shift 3
  record "$name" 'udp port 5070'
  pair "$callee" "$caller" "$@"
  keep
}

# pair CALLEE CALLER [OPTION…]: options for both
pair() {
  local callee=$1 caller=$2
  shift 2
  sipp_at 127.0.0.2:5070 "$callee" "$@" &
  local other=$!
  until_bound 127.0.0.2:5070
  sipp_at 127.0.0.1:5071 "$caller" -s bob "$@" 127.0.0.2:5070
  wait "$other"
}

record loopback 'udp port 5070'
pair declining calling -m 2 -r 1 -key caller alice
pair answering calling -m 2 -r 1 -key caller alice
keep

between blocked blocking calling -key caller +12155550199
between declined_for_now declining_for_now calling -key caller alice
between hold_refused refusing_hold holding
between subscription notifying watching
between notify_not_suppressed notifying_in_vain watching_on

# 3 s of silence in PCMU, sent from a port of its own; the other side answers and sends nothing
head -c 24000 /dev/zero | tr '\0' '\377' >speech.raw
record one_way 'udp'
pair answering playing -m 1 -key caller alice
keep
