# SPDX-License-Identifier: GPL-2.0
# For the tests of make distro, to be sourced.
. /usr/local/lib/distro/tap.sh
log=/var/log/audit/audit.log
export LC_ALL=C SYSTEMD_PAGER=cat

check() {	# check NAME COMMAND...
	local name=$1 output status=0

	shift
	output=$("$@" 2>&1) || status=$?
	result $status "$name" "$(tail -n 20 <<<"$output")"
}

# appears FILE REGEX [PID]: wait for a line of a file that grows, until PID ends
appears() {
	grep -a -m1 -- "$2" < <(exec timeout 120 tail ${3:+--pid=$3} -n +1 -F "$1" 2>/dev/null)
}

# recorded COMM REGEX: wait for a record in audit.log, which auditd writes
recorded() {
	appears $log "type=SECCOMP .* comm=\"$1\" .*$2"
}

# unit NAME PROPERTY... [-- COMMAND...]: run the command, or mkdir, as a service with
# these properties
unit() {
	local set=(--quiet --wait "--unit=$1")

	shift
	rmdir /tmp/made 2>/dev/null
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		set+=(-p "$1")
		shift
	done
	[ $# -gt 0 ] || set -- -- /bin/mkdir /tmp/made
	systemd-run "${set[@]}" "$@"
}

# says UNIT REGEX: the unit's entries in the journal
says() {
	journalctl --sync && journalctl -o cat -u "$1" | grep -- "$2"
}

# log_refusals: systemd asks for a record of a refused call only if it is told to
log_refusals() {
	local file=/etc/systemd/system.conf.d/seccomp.conf

	[ ! -e $file ] || return 0
	mkdir -p "${file%/*}" &&
		printf '[Manager]\nManagerEnvironment=SYSTEMD_LOG_SECCOMP=1\n' >$file &&
		systemctl daemon-reexec
}
