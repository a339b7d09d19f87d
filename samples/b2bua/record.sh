#!/usr/bin/env bash
# Records calls between two SIPp processes through a back-to-back user agent at 127.0.0.10:5060. Needs
# sipp and baresip (Debian: sip-tester, baresip-core), and b2bua and b2bua_simple of sippy from PyPI
# (`pip install sippy`) in PATH.
#   derived_call_id   sippy b2bua: the Call-ID of the second leg is made from that of the first
#   same_call_id      sippy b2bua_simple: it is the same, with other tags and CSeq numbers
#   new_call_id       baresip: nothing of the first leg is in the second but the caller's name
#   blocked           sippy b2bua, and the callee's side answers 603+
source "$(dirname "$0")/../recording.sh"

filter='udp portrange 5060-5071'

# through NAME CALLEE-SCENARIO CALLEE: a call through the agent that runs
through() {
  until_bound 127.0.0.10:5060
  record "$1" "$filter"
  sipp_at 127.0.0.3:5070 "../sipp/$2" &
  local other=$!
  until_bound 127.0.0.3:5070
  sipp_at 127.0.0.2:5071 ../sipp/calling -key caller alice -s "$3" 127.0.0.10:5060
  wait "$other"
  keep
  stop
}

# sippy: with a route for everything
sippy() {
  b2bua --foreground=on --sip_address=127.0.0.10 --sip_port=5060 --static_route=127.0.0.3:5070 \
    --auth_enable=off --acct_enable=off --logfile="$PWD/sippy.log" \
    --b2bua_socket="$PWD/b2bua.sock" --pidfile="$PWD/b2bua.pid" >sippy.out 2>&1 &
}

# baresip_b2bua: two accounts, one on each side, and audio from one to the other
baresip_b2bua() {
  mkdir baresip
  cat >baresip/config <<END
sip_listen 127.0.0.10:5060
net_interface 127.0.0.10
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
module_app b2bua.so
audio_player aubridge,x
audio_source aubridge,x
END
  cat >baresip/accounts <<END
<sip:front@127.0.0.10>;regint=0;answermode=manual;catchall=yes;b2bua=inbound
<sip:back@127.0.0.10>;regint=0;outbound="sip:127.0.0.3:5070";b2bua=outbound
END
  touch baresip/contacts
  baresip -4 -f baresip >baresip.log 2>&1 &
}

sippy
through derived_call_id answering bob

b2bua_simple -f -l 127.0.0.10 -p 5060 -n 127.0.0.3:5070 -L "$PWD/simple.log" >simple.out 2>&1 &
through same_call_id answering bob

baresip_b2bua
through new_call_id answering front

sippy
through blocked blocking bob
