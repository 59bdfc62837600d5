# SPDX-License-Identifier: GPL-2.0
# chronyd under both of its filters; sourced by deep_test

account _chrony 64002 /nonexistent
mkdir -p $work/chrony
cat >$work/chrony/conf <<EOF
local stratum 5
allow 127.0.0.1
port 11123
cmdport 11323
bindaddress 127.0.0.1
pidfile $work/chrony/pid
EOF

# ntp_answer: a request of version 4 is answered by 48 bytes from a server
ntp_answer() {
	exec 7<>/dev/udp/127.0.0.1/11123 &&
	{ printf '\x23' && head -c 47 /dev/zero; } | dd bs=48 iflag=fullblock >&7 &&
	timeout 60 dd bs=100 count=1 <&7 >$work/chrony/answer
	exec 7>&-
	[ "$(stat -c %s $work/chrony/answer)" = 48 ] &&
	[ "$(head -c 1 $work/chrony/answer)" = '$' ]
}

# chrony LEVEL: serves, tells its state, and ends when it is asked to
chrony() {
	local pid status

	chronyd -x -d -F "$1" -u _chrony -f $work/chrony/conf &
	pid=$!
	await confined $pid && await ntp_answer && confined $pid &&
	chronyc -h 127.0.0.1 -p 11323 tracking | grep -E '^Stratum +: 5'
	status=$?
	kill $pid
	wait $pid && [ $status = 0 ]
}
for level in 1 2; do
	logged_check "chronyd -F $level is confined, answers NTP and chronyc" chrony $level
done
