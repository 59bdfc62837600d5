#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each verb under valgrind: no wrong access, nothing lost. Not those that attach
# filters, as valgrind knows no seccomp(2): for these CFLAGS='-g
# -fsanitize=address,undefined' test/run. TAP.
. "$(dirname "$0")/../lib.sh"
export HOME=$work
unset SUDO_UID SUDO_GID

# clean STATUS VERB [ARGUMENT...]: ends with it, and valgrind says nothing
clean() {
	local expected=$1 status=0 words=${*:2}
	shift
	: >"$work/log"
	(cd "$work" && valgrind -q --log-file="$work/log" --error-exitcode=99 --leak-check=full \
		--show-leak-kinds=definite --errors-for-leak-kinds=definite \
		"$sclog" "$@") >"$work/out" 2>&1 </dev/null || status=$?
	[ $status = "$expected" ] && [ ! -s "$work/log" ]
	report "${words//$work\//}" $? "status $status, expected $expected
$(cat "$work/log" "$work/out")"
}

"$sclog" learn -q --source=trace -o "$work/p.json" -- sh -c 'uname; echo' >"$work/out"
cp "$work/p.json" "$work/q.json"
cp ./*.log golden/policy.json "$work"
gzip <raw.log >"$work/raw.log.gz"
printf 'read write\nx86:getpid\n-100\n' >"$work/list"
echo 'only mprotect' >"$work/answers"

for log in actions arches enriched forms raw unnamed; do
	clean "$([ $log = raw ] || [ $log = forms ] && echo 3 || echo 0)" read $log.log
	clean "$([ $log = raw ] || [ $log = forms ] && echo 3 || echo 0)" read --json --action=all $log.log
done
clean 3 read -o log.json broken.log lost.log refused.log
clean 3 read --list --comm 'x*' --uid 1000 --since @1 --until now raw.log.gz
clean 0 review --answers=answers --record=record q.json
clean 0 review --all q.json
clean 0 review q.json p.json
clean 0 allow q.json mkdir 'prctl(option=PR_SET_NAME)' x86:read
clean 2 allow q.json nosuch
clean 0 deny q.json mkdir 'prctl(option=PR_SET_NAME)'
clean 0 drop q.json read x86:read
for format in oci spo systemd libseccomp bpf minijail firejail list; do
	clean 0 convert --to $format policy.json
	"$sclog" convert --to $format golden/policy.json >"$work/as.$format" 2>"$work/out"
	case $format in libseccomp | bpf) continue ;; esac
	clean 0 convert --from $format --to oci as.$format
done
clean 1 convert --to list answers
clean 1 diff p.json q.json
clean 0 diff --json p.json p.json
clean 0 merge -o m.json p.json q.json
clean 0 explain p.json
clean 0 explain --json p.json
clean 0 explain p.json openat exit
clean 0 explain -- -100 prctl x86:socketcall
clean 0 explain "$(head -n 1 actions.log)"
clean 0 stat -v p.json
clean 0 stat --json p.json
clean 0 stat --html=- p.json
clean 0 doctor --root="$work"
clean 0 --help
done_testing
