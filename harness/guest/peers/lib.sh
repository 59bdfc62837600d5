# SPDX-License-Identifier: GPL-2.0
# What the tests of other projects' programs share, to be sourced in the guest. TAP;
# the output of a program that fails follows.

cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit
# shellcheck disable=SC2034	# for the scripts
here=$PWD/harness/guest/peers
. tools/seccomp/test/tap.sh
work=/tmp/peers
mkdir -p $work
cd /root || exit

# logged_result STATUS NAME LOG
logged_result() {
	result "$1" "$2" "$(grep -vE '^(ok|# +(RUN|OK)) ' "$3" | tail -n 30)"
}

# logged_check NAME COMMAND...: as check, with the output in a log
logged_check() {
	local name=$1 log=$work/log
	shift
	"$@" >"$log" 2>&1
	logged_result $? "$name" "$log"
}

# await COMMAND...: until it succeeds, which the slowest machine does in this time
await() {
	local until=$((SECONDS + 600))

	until "$@" 2>/dev/null; do
		if [ $SECONDS -ge $until ]; then
			echo "never: $*"
			return 1
		fi
		sleep 0.1
	done
}

# confined PID: all its threads are in filter mode
confined() {
	local status modes

	modes=$(for status in "/proc/$1"/task/*/status; do
		sed -n 's/^Seccomp:\t//p' "$status"
	done | sort -u)
	[ "$modes" = 2 ]
}

# one_confined PGREP-ARGUMENT...: at least one of these processes is
one_confined() {
	local pid

	for pid in $(pgrep "$@"); do
		! confined "$pid" || return 0
	done
	return 1
}

# listens PORT: something accepts TCP connections there
listens() {
	(: <>"/dev/tcp/127.0.0.1/$1")
}

# account NAME UID HOME: a user that the package would create
account() {
	id "$1" >/dev/null 2>&1 || echo "$1:x:$2:65534::$3:/usr/sbin/nologin" >>/etc/passwd
}
