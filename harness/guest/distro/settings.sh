# SPDX-License-Identifier: GPL-2.0
# What systemd.exec(5) says of SystemCallLog= and SystemCallFilter=. To be sourced.

logged_call() {
	unit with-log 'SystemCallLog=mkdir mkdirat' && [ -d /tmp/made ]
}

# refused NAME MESSAGE PROPERTY...: mkdir fails with that message
refused() {
	local name=$1 message=$2

	shift 2
	! unit "$name" "$@" && [ ! -e /tmp/made ] && says "$name" "$message"
}

# killed NAME PROPERTY...: mkdir ends by SIGSYS
killed() {
	refused "$1" 'status=31/SYS' "${@:2}"
}

# The kill comes after the errors
no_error_in_log() {
	recorded mkdir 'sig=31 .*code=0x80000000' && ! grep -a 'comm="mkdir" .*code=0x5' $log
}

refused_and_logged() {
	log_refusals &&
		refused with-record 'Permission denied' 'SystemCallFilter=~mkdir mkdirat' \
			SystemCallErrorNumber=EACCES &&
		recorded mkdir 'code=0x50000 .*retdata=0xd '
}

other_convention_killed() {
	! unit with-native SystemCallArchitectures=native -- \
		/usr/bin/perl -e 'syscall(0x40000000 + 39); print "survived\n"' &&
		says with-native 'status=31/SYS' && ! says with-native '^survived$' &&
		recorded perl 'sig=31 .*syscall=1073741863 '
}

no_new_privs() {
	unit with-user User=nobody SystemCallFilter=@system-service -- \
		/bin/grep -q '^NoNewPrivs:.*1$' /proc/self/status
}

test_settings() {
	check "SystemCallErrorNumber= refuses, by name" refused by-name 'Permission denied' \
		'SystemCallFilter=~mkdir mkdirat' SystemCallErrorNumber=EACCES
	check "  by number" refused by-number 'Permission denied' \
		'SystemCallFilter=~mkdir mkdirat' SystemCallErrorNumber=13
	check "  for a call of its own" refused by-call 'Operation not permitted' \
		'SystemCallFilter=~mkdir:EPERM mkdirat:1' SystemCallErrorNumber=EACCES
	check "  what a list of what is allowed lacks" refused by-list 'Permission denied' \
		SystemCallFilter=@system-service 'SystemCallFilter=~mkdir mkdirat' \
		SystemCallErrorNumber=EACCES
	check "  also what SystemCallLog= has" refused by-both 'Permission denied' \
		'SystemCallLog=mkdir mkdirat' 'SystemCallFilter=~mkdir mkdirat' \
		SystemCallErrorNumber=EACCES
	check "SystemCallFilter= kills" killed with-kill 'SystemCallFilter=~mkdir mkdirat'
	check "  also a call of its own" killed kill-call \
		'SystemCallFilter=~mkdir:kill mkdirat:kill' SystemCallErrorNumber=EACCES
	check "the kill of the process is in audit.log, the errors are not" no_error_in_log
	check "SYSTEMD_LOG_SECCOMP=1: an error is in audit.log" refused_and_logged
	check "SystemCallArchitectures=native kills x32" other_convention_killed
	check "with User= there are no new privileges" no_new_privs
	check "systemd-analyze names the filters" \
		eval 'systemd-analyze security systemd-logind.service | grep SystemCallFilter'
}
