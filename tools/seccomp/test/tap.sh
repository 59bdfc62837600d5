# SPDX-License-Identifier: GPL-2.0
# TAP of shell tests, to be sourced. Call done_testing last.

tests=0
failed=0

# result STATUS NAME [DETAILS]: one test, which passes if STATUS is 0. DETAILS are
# printed if it does not.
result() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests $2"
	else
		echo "not ok $tests $2"
		[ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
		failed=1
	fi
}

# check NAME COMMAND...: passes if the command succeeds. If it does not, what
# details() prints is printed.
check() {
	local name=$1 status=0
	shift
	"$@" || status=$?
	result $status "$name" "$([ $status = 0 ] || details)"
}

details() { :; }

done_testing() {
	echo "1..$tests"
	exit $failed
}
