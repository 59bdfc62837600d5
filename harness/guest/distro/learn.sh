# SPDX-License-Identifier: GPL-2.0
# A service is learned, and runs under its policy as a drop-in. To be sourced.
once=/proc/sys/kernel/seccomp/actions_logged_once

# ask WORD: demo's answer
ask() {
	timeout 120 bash -c 'exec 3<>/dev/tcp/127.0.0.1/7777 && echo "$1" >&3 && cat <&3' ask "$1"
}

use_demo() {
	[ "$(ask hello)" = hello ] && [ "$(ask child)" = Linux ] && [ "$(ask hello)" = hello ]
}

use_ssh() {
	[ "$(ssh -i /tmp/key -o BatchMode=yes -o ConnectTimeout=120 -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/tmp/known root@127.0.0.1 uname)" = Linux ]
}

drop_ins() { systemctl show --value -p DropInPaths "$1"; }

# learns UNIT [NAME]: its policy to /tmp/UNIT.json while it is used; NAME is another
# name of it
learns() {
	local before learner status=0 used=0

	before=$(systemctl show --value -p MainPID "$1")
	cat $once >/tmp/once
	sclog learn --unit "${2-$1}" -o "/tmp/$1.json" >"/tmp/$1.out" 2>&1 &
	learner=$!
	appears "/tmp/$1.out" 'restarted with SystemCallLog=' $learner &&
		[ "$(drop_ins "$1")" = "/run/systemd/system/$1.service.d/sclog.conf" ] &&
		[ "$(systemctl show --value -p MainPID "$1")" != "$before" ] &&
		"use_$1" || used=1
	kill -INT $learner
	wait $learner || status=$?
	cat "/tmp/$1.out"
	[ $used = 0 ] && [ $status = 0 ]
}

# is_as_before UNIT
is_as_before() {
	systemctl is-active "$1" && [ -z "$(drop_ins "$1")" ] &&
		[ "$(systemctl show --value -p SystemCallLog "$1")" = "~" ] &&
		[ ! -e "/run/systemd/system/$1.service.d" ] && cmp $once /tmp/once && "use_$1"
}

# has UNIT CALL...: the policy has these calls
has() {
	local call

	sclog convert -q --to list "/tmp/$1.json" >/tmp/list || return
	cat /tmp/list
	for call in "${@:2}"; do
		grep -qx "$call" /tmp/list || return
	done
}

demo_is_watched() {
	[ "$(systemctl show --value -p StatusText demo)" = ready ] &&
		[ "$(systemctl show --value -p WatchdogTimestampMonotonic demo)" != 0 ] &&
		has demo execve sendto accept4 bind clone wait4 uname && ! grep -qx mkdir /tmp/list
}

# restricts UNIT [OPTION...]: systemd reads its policy as a drop-in without a word
restricts() {
	local folder=/etc/systemd/system/$1.service.d

	mkdir -p "$folder"
	sclog convert --to systemd "${@:2}" "/tmp/$1.json" >"$folder/50-syscalls.conf" || return
	cat "$folder/50-syscalls.conf"
	systemd-analyze verify --man=no "$1.service" >/tmp/verified 2>&1
	[ ! -s /tmp/verified ] || { cat /tmp/verified; return 1; }
	systemctl daemon-reload && date +@%s >/tmp/since && systemctl restart "$1" &&
		[ "$(drop_ins "$1")" = "$folder/50-syscalls.conf" ]
}

# denied FROM...: what was refused since the last restart
denied() {
	journalctl --sync && sclog read --denied --since "$(cat /tmp/since)" "$@"
}

# nothing_refused FROM...: but clone3(), which a policy that has learned it answers with
# ENOSYS, so that libc takes clone()
nothing_refused() {
	denied "$@" >/tmp/denied 2>&1
	cat /tmp/denied
	grep -q '^sclog: nothing refused\|clone3 *errno ' /tmp/denied &&
		! grep -v '^sclog: \|^ *[0-9]* *clone3 *errno ' /tmp/denied
}

# works UNIT: under its policy, without a refused call
works() {
	"use_$1" && nothing_refused --journal --unit "$1" && nothing_refused --unit "$1" $log
}

outside_refused() {
	[ "$(ask mkdir)" = 'Function not implemented' ] && [ ! -e /run/made-by-demo ] &&
		use_demo && recorded demo 'syscall=83 .*code=0x50000 .*retdata=0x26 '
}

# By the unit, not by the program's name
outside_named() {
	denied --journal --unit demo | tee /tmp/denied && grep -q ' mkdir .*demo' /tmp/denied &&
		[ "$(wc -l </tmp/denied)" = 1 ]
}

# What a drop-in says of arguments
narrowed() {
	local setting

	sclog drop /tmp/demo.json socket mmap mprotect clone &&
		sclog allow /tmp/demo.json 'socket(domain=AF_UNIX|AF_INET)' 'mmap(prot=W^X)' \
			'mprotect(prot=PROT_READ|PROT_WRITE)' \
			'clone(flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID)' &&
		restricts demo && works demo || return
	for setting in 'RestrictAddressFamilies=AF_UNIX AF_INET' RestrictNamespaces=yes \
			MemoryDenyWriteExecute=yes; do
		grep -x "$setting" /etc/systemd/system/demo.service.d/*.conf || return
	done
}

# A service that does not start
no_policy() {
	printf '[Service]\nType=oneshot\nExecStart=/bin/false\n' >/etc/systemd/system/broken.service
	systemctl daemon-reload
	sclog learn --unit broken -o /tmp/broken.json
	[ $? = 125 ] && [ ! -e /tmp/broken.json ] && [ ! -e /run/systemd/system/broken.service.d ] &&
		[ -z "$(drop_ins broken)" ] && cmp $once /tmp/once
}

test_demo() {
	check "a service starts" eval 'log_refusals && systemctl start demo'
	check "sclog learns it while it is used" learns demo
	check "  then it runs as before" is_as_before demo
	check "  it was watched, and its calls are in the policy" demo_is_watched
	check "systemd takes the policy as a drop-in" restricts demo
	check "  under which nothing is refused" works demo
	check "  but a call that is outside" outside_refused
}

test_learn() {
	test_demo
	check "  which the journal names" outside_named
	check "a drop-in with systemd's sets of calls" restricts demo --groups
	check "  under which nothing is refused" works demo
	check "a drop-in with restrictions of arguments" narrowed
	check "a service that does not start leaves no drop-in" no_policy
	ssh-keygen -q -N '' -f /tmp/key && mkdir -p /root/.ssh && cp /tmp/key.pub /root/.ssh/authorized_keys
	check "sclog learns sshd, by another of its names" learns ssh sshd
	check "  which runs as before" is_as_before ssh
	check "systemd takes its policy" restricts ssh
	check "  under which a user can log in" works ssh
}
