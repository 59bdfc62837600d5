# SPDX-License-Identifier: GPL-2.0
# For scripts in the guest: a real auditd, and its log phase by phase.

audit_log=/var/log/audit/audit.log
audit_from=1

audit_start() {
	mkdir -p /var/log/audit
	chmod 700 /var/log/audit
	# returns when the daemon listens; its messages go to syslog, which is not here
	auditd >/dev/null 2>&1 || return
	auditctl -b 8192 >/dev/null
	audit_settle
	audit_phase
}

# audit_await REGEX: until a line of the phase matches. Some records come by
# themselves, such as summaries, which a worker writes.
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

# Wait until all that the kernel has logged so far is in the file.
audit_settle() {
	local marker=settled-$RANDOM-$RANDOM

	auditctl -m "$marker"
	audit_await "$marker"
}

# Begin a phase: what is in the log by now does not count any more.
audit_phase() {
	audit_from=$(($(wc -l <"$audit_log") + 1))
}

# The phase's lines, complete
audit_lines() {
	audit_settle && tail -n "+$audit_from" "$audit_log"
}

# logged COMMAND...: under a filter that logs each call. Sets $pid, which its
# records have.
logged_all=$(mktemp)
echo '{"defaultAction": "SCMP_ACT_LOG", "syscalls": []}' >"$logged_all"
logged() {
	sclog run -q --deny=log -p "$logged_all" -- "$@"
	pid=$(audit_lines | sed -n 's/.*op=seccomp-filter-logs .* pid=\([0-9]*\) .* comm="sclog" .*/\1/p' |
		tail -n 1)
}
