# Sourced by the record.sh of each folder: starts SIP software on loopback, captures what it says,
# and ends what it started. Needs tcpdump and the right to capture, and what a record.sh names.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
cd "$scratch"

# stop: end what still runs, the last started first: phones before the proxy they unregister at
stop() {
  # jobs of this shell only, so no process that someone else started
  for pid in $(jobs -pr | tac); do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
}

finish() {
  stop
  rm -rf "$scratch"
}
trap finish EXIT

# record NAME FILTER: capture to NAME.pcap until `keep`; no keep-alives, which are 4 bytes of UDP
record() {
  recorded=$1
  : >tcpdump.log
  tcpdump -i lo -s 0 -U --immediate-mode -w "$recorded.pcap" "$2 and udp[4:2] > 12" 2>tcpdump.log &
  recorder=$!
  until grep -q listening tcpdump.log; do sleep 0.1; done
}

# keep: end the capture and put it beside the record.sh
keep() {
  sleep 1
  kill -INT "$recorder"
  wait "$recorder" || true
  install -m 644 "$recorded.pcap" "$folder/$recorded.pcap"
}

# until_bound ADDRESS:PORT: wait until a process listens there
until_bound() {
  for _ in $(seq 100); do
    if ss -uln | grep -q " $1 "; then return; fi
    sleep 0.1
  done
  echo "nothing listens on $1" >&2
  return 1
}

# sipp_at ADDRESS:PORT SCENARIO [OPTION…]: one call by a scenario beside the record.sh, in the foreground
sipp_at() {
  local at=$1 scenario=$2
  shift 2
  sipp -sf "$folder/$scenario.xml" -i "${at%:*}" -p "${at#*:}" -m 1 -nostdin "$@" >>sipp.log 2>&1
}

# baresip_at ADDRESS:PORT NAME ACCOUNT: a baresip that takes commands at ADDRESS:5555 (TCP)
baresip_at() {
  rm -rf "$2"
  mkdir "$2"
  cat >"$2/config" <<END
sip_listen $1
net_interface ${1%:*}
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aufile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${1%:*}:5555
audio_source ausine,440
ausrc_srate 48000
ausrc_channels 2
audio_player aufile,$2.wav
END
  echo "$3" >"$2/accounts"
  touch "$2/contacts"
  baresip -4 -f "$2" >"$2.log" 2>&1 &
  until_bound "$1"
}

# tell_baresip ADDRESS COMMAND [PARAMETERS]
tell_baresip() {
  local json="{\"command\":\"$2\",\"params\":\"${3-}\"}"
  printf '%d:%s,' "${#json}" "$json" >"/dev/tcp/$1/5555"
}

# linphone_at ADDRESS:PORT NAME [LINE…]: a linphone that takes commands by `tell_linphone`
linphone_at() {
  local at=$1 name=$2
  shift 2
  rm -rf "$name"
  # without these folders it never begins to listen
  mkdir -p "$name/.local/share/linphone" "$name/.config/linphone"
  printf '%s\n' "[sip]" "sip_port=${at#*:}" "sip_tcp_port=0" "sip_tls_port=0" \
    "bind_address=${at%:*}" "guess_hostname=0" "use_ipv6=0" \
    "contact=\"${name^}\" <sip:$name@${at%:*}>" "[video]" "enabled=0" "capture=0" "display=0" \
    "$@" >"$name/linphonerc"
  mkfifo "$name/commands"
  HOME=$PWD/$name linphonec -c "$name/linphonerc" \
    <"$name/commands" >"$name.log" 2>&1 &
  exec {linphone}>"$name/commands"
  until_bound "$at"
}

# tell_linphone COMMAND: to the linphone that was started last
tell_linphone() {
  echo "$1" >&"$linphone"
}
