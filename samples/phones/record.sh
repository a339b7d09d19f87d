#!/usr/bin/env bash
# Records calls to Bob's linphone, which rings until he declines. Needs linphonec, baresip, sipp
# (Debian: linphone-cli, baresip-core, sip-tester). Takes 50 s.
#   declined          Alice's baresip calls, Bob declines after 4.7 s
#   not_acknowledged  SIPp calls and sends no ACK: linphone repeats its 603 until Timer H runs out
source "$(dirname "$0")/../recording.sh"

linphone_at 127.0.0.3:5066 bob
baresip_at 127.0.0.2:5065 alice '"Alice" <sip:alice@127.0.0.2>;regint=0;outbound="sip:127.0.0.3:5066"'

record declined 'udp portrange 5065-5066'
tell_baresip 127.0.0.2 dial sip:bob@127.0.0.3:5066
sleep 4.7
tell_linphone terminate
keep

record not_acknowledged 'udp portrange 5066-5067'
sipp_at 127.0.0.6:5067 not_acknowledging -s bob 127.0.0.3:5066 &
caller=$!
sleep 3.2
tell_linphone terminate
wait "$caller"
keep
