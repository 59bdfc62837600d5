# SPDX-License-Identifier: GPL-2.0
# strace's own tests of --seccomp-bpf and of how it shows seccomp(2), prctl(2) and the
# listener's requests; sourced by deep_test

# strace_test FILE: status 77 would be a skipped test
strace_test() {
	cd "$peers/strace/tests" || return
	sh "./$1"
	local status=$?
	cd /root || return
	return $status
}
for file in "$peers"/strace/tests/*seccomp*.test; do
	file=${file##*/}
	logged_check "strace's ${file%%.*}" strace_test "$file"
done
