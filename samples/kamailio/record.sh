#!/usr/bin/env bash
# Records calls through a kamailio proxy. Needs kamailio, baresip, linphonec, sipp (Debian: kamailio,
# baresip-core, linphone-cli, sip-tester). Bob's two phones, linphone and baresip, are registered for
# sip:bob@example.com; recordings begin when they are. Alice's phone is a baresip.
#   fork_declined         linphone declines, so kamailio cancels baresip
#   fork_overridden       the same, but kamailio tells Alice 480 instead of the 603
#   fork_left_ringing     kamailio lets no 6xx end a fork: linphone declines, later baresip rejects
#   fork_voicemail        the same, but nobody touches baresip, and a SIPp as voicemail takes the call
#   network_block_damaged SIPp on both sides: kamailio rewrites the phrase of a 603+
source "$(dirname "$0")/../recording.sh"

# proxy [DEFINE…]: the proxy, at 127.0.0.10:5060
proxy() {
  local defines=()
  for name in "$@"; do defines+=(-A "$name"); done
  mkdir -p run
  kamailio -DD -E -m 16 -M 4 -Y "$PWD/run" -w "$PWD/run" -P "$PWD/run/pid" "${defines[@]}" \
    -f "$folder/kamailio.cfg" >>kamailio.log 2>&1 &
  kamailio=$!
  until_bound 127.0.0.10:5060
}

# phones: Bob's two and Alice's
phones() {
  local by='outbound="sip:127.0.0.10:5060"'
  linphone_at 127.0.0.3:5066 bob "[proxy_0]" "reg_identity=<sip:bob@example.com>" \
    "reg_proxy=<sip:127.0.0.10:5060>" "reg_sendregister=1" "reg_expires=600" "publish=0"
  baresip_at 127.0.0.4:5064 desk "\"Bob\" <sip:bob@example.com>;regint=600;$by"
  baresip_at 127.0.0.2:5065 alice "\"Alice\" <sip:alice@example.com>;regint=0;$by"
  sleep 3
}

filter='udp portrange 5060-5069'

call() {
  tell_baresip 127.0.0.2 dial sip:bob@example.com
}

proxy
phones
record fork_declined "$filter"
call
sleep 3.6
tell_linphone terminate
sleep 1
keep
stop

proxy ANSWER_480
phones
record fork_overridden "$filter"
call
sleep 3.6
tell_linphone terminate
sleep 1
keep
stop

proxy DISABLE_6XX
phones
record fork_left_ringing "$filter"
call
sleep 3.6
tell_linphone terminate
sleep 3
tell_baresip 127.0.0.4 hangup
sleep 1
keep
stop

proxy DISABLE_6XX VOICEMAIL
phones
sipp_at 127.0.0.5:5067 voicemail &
until_bound 127.0.0.5:5067
record fork_voicemail "$filter"
call
sleep 3.6
tell_linphone terminate
sleep 8
tell_baresip 127.0.0.2 hangup
sleep 1
keep
stop

proxy REPHRASE
sipp_at 127.0.0.5:5067 ../sipp/blocking &
until_bound 127.0.0.5:5067
record network_block_damaged "$filter"
sipp_at 127.0.0.6:5068 ../sipp/calling -key caller +12155550199 -s +12155550100 127.0.0.10:5060
keep
