#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each exit status of the man page is reached, by each verb that has it.
. "$(dirname "$0")/lib.sh"

reached=
without=()

# status N COMMAND...: sclog ends with it
status() {
	local expected=$1 status=0 output
	shift
	output=$("${without[@]}" "$sclog" "$@" 2>&1 </dev/null) || status=$?
	# no $( ) ahead of $?, which would be its status
	local words=${*##*/}
	[ $status = "$expected" ]
	report "status $expected: $words" $? "status $status: $output"
	reached+="$expected "
}

p=$work/p.json
log=$work/log
printf 'type=SECCOMP msg=audit(1700000000.001:1): auid=1 uid=1 gid=1 ses=1 pid=7 comm="x" exe="/x" sig=0 arch=c000003e syscall=0 compat=0 ip=0x1 code=0x7ffc0000\n' >"$log"
sed 's/ code=.*//' "$log" >"$work/cut"

status 0 learn -q -o "$p" -- true
status 2 learn -o "$p"
status 4 learn -q -o "$p" -- false
status 126 learn -q -o "$p" -- /etc/passwd
status 127 learn -q -o "$p" -- no-such-command

status 0 check -p "$p" -- true
status 1 check -p "$p" -- mkdir "$work/folder"
status 2 check -- true
status 4 check -p "$p" -- false
status 1 check -p "$work/none" -- true
status 127 check -p "$p" -- no-such-command

status 0 run -p "$p" -- true
status 1 run -p "$p" -- false
status 2 run -p "$p"
status 125 run -p "$work/none" -- true
status 126 run -p "$p" -- /etc/passwd
status 127 run -p "$p" -- no-such-command
# The command has ended before sclog looks whether it is there: waitid() comes late
cat >"$work/late.c" <<'END'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	usleep(200000);
	return syscall(SYS_waitid, type, id, info, options, NULL);
}
END
${CC:-cc} -shared -fPIC -o "$work/late.so" "$work/late.c" || exit 1
without=(env LD_PRELOAD="$work/late.so" ASAN_OPTIONS=verify_asan_link_order=0)
status 1 run -p "$p" -- false
without=()

# audit's records are for root, in the first network namespace
[ "$(id -u)" != 0 ] || without=(unshare -n)
status 125 learn --source=log -o "$p" -- true
status 125 check --source=log -p "$p" -- true
without=()

status 0 read --list --denied "$log"
status 1 read --list "$work/none"
status 2 read --no-such-option
status 3 read --list "$work/cut"

status 0 convert --to=list "$p"
status 1 convert --to=list "$work/none"
status 2 convert --to=nothing "$p"
status 0 explain read
status 1 explain "$work/none"
status 2 explain
status 0 diff "$p" "$p"
status 1 diff "$p" "$work/none"
status 2 diff
status 0 merge -o "$work/m.json" "$p" "$p"
status 1 merge -o "$work/m.json" "$p" "$work/none"
status 2 merge "$p"
for verb in allow deny drop; do
	status 0 $verb "$p" read
	status 1 $verb "$work/none" read
	status 2 $verb
	"$sclog" -q allow "$p" read
done
status 0 review "$p"
status 1 review "$work/none"
status 2 review
status 0 stat "$p"
status 1 stat "$work/none"
status 2 stat
mkdir -p "$work/machine/proc/sys/kernel/seccomp"
echo audit=0 >"$work/machine/proc/cmdline"
status 1 doctor --root="$work/machine"
status 2 doctor what

"$sclog" stat --html=- "$p" >/dev/full 2>"$work/full"
[ $? = 1 ] && grep -q 'No space left' "$work/full"
report "status 1: an output failed" $?
reached=$(printf '%s\n' $reached | sort -nu | tr '\n' ' ')
written=$(sed -n '/^\.SH EXIT STATUS/,/^\.SH SIGNALS/s/^\.B \([0-9]*\)$/\1/p' ../sclog.1 |
	sort -nu | tr '\n' ' ')
[ "$reached" = "$written" ]
report "all statuses of the man page are reached" $? "$reached, written: $written"
done_testing
