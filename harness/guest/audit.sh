# SPDX-License-Identifier: GPL-2.0
# For scripts in the guest: a real auditd, and its log in phases.

audit_log=/var/log/audit/audit.log
audit_from=1

audit_start() {
	mkdir -p /var/log/audit
	chmod 700 /var/log/audit
	# returns when the daemon listens; its messages go to syslog, which does not run
	auditd >/dev/null 2>&1 || return
	auditctl -b 8192 >/dev/null
	audit_settle
	audit_phase
}

# audit_await REGEX: wait until a line of the phase matches. Some records are written
# asynchronously, such as summaries, which a worker writes.
audit_await() {
	local tail

	exec {tail}< <(exec tail -n "+$audit_from" -F "$audit_log" 2>/dev/null)
	local pid=$!
	timeout 60 grep -q -m1 -e "$1" <&"$tail"
	local found=$?
	kill "$pid"
	exec {tail}<&-
	return $found
}

# Wait until all records that the kernel has written up to now are in the file.
audit_settle() {
	local marker=settled-$RANDOM-$RANDOM

	auditctl -m "$marker"
	audit_await "$marker"
}

# Start a phase: lines that are in the log now are ignored from now on.
audit_phase() {
	audit_from=$(($(wc -l <"$audit_log") + 1))
}

# Print all lines of the phase.
audit_lines() {
	audit_settle && tail -n "+$audit_from" "$audit_log"
}

# find_logged: set $pid to the pid of the phase's records, once their filter is
# announced.
find_logged() {
	local record filter

	# records about older filters may come late
	record=$(audit_lines | grep -m1 '^type=SECCOMP ')
	pid=${record#* pid=}
	pid=${pid%% *}
	filter=${record##* filter=}
	filter=${filter%% *}
	# a worker writes who attached the filter
	audit_await "op=seccomp-filter-logs filter=$filter "
}

# logged COMMAND...: run it under a filter that logs all system calls. Sets $pid to
# the pid of its records.
logged_all=$(mktemp)
echo '{"defaultAction": "SCMP_ACT_LOG", "syscalls": []}' >"$logged_all"
logged() {
	# a phase of its own
	local audit_from=$(($(wc -l <"$audit_log") + 1))

	sclog run -q --deny=log -p "$logged_all" -- "$@"
	find_logged
}
