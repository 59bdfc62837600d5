# SPDX-License-Identifier: GPL-2.0
# The same records from the journal as from audit.log. To be sourced.

# calls FROM...: mkdir's that were logged or refused
calls() {
	sclog read -q --list --action=all --comm mkdir "$@"
}

journal_has_record() {
	journalctl --sync
	journalctl _TRANSPORT=audit | grep -a 'SECCOMP' | grep -a 'comm="mkdir"'
}

# as_audit_log OPTION...: of journalctl
as_audit_log() {
	journalctl "$@" _TRANSPORT=audit + _TRANSPORT=kernel >/tmp/journal &&
		calls /tmp/journal | diff /tmp/expected -
}

counts() {
	sclog read -q --json --action=all --comm mkdir "$@" | sed '/"summary"/d; s/, "first".*//' | sort
}

test_journal() {
	local form

	journalctl --sync
	check "sclog reads audit.log" eval "calls $log | tee /tmp/expected | grep -x mkdir"
	check "sclog reads the journal" eval 'calls --journal | diff /tmp/expected -'
	check "  and counts the same" eval "diff <(counts $log) <(counts --journal)"
	for form in short short-full short-iso short-iso-precise short-precise short-monotonic \
			short-unix export 'json --all' 'json-seq --all'; do
		check "  and what journalctl -o $form prints" as_audit_log -o $form
	done
	check "scmp_sys_resolver knows the call" test "$(scmp_sys_resolver mkdir)" = 83
}
