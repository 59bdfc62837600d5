# SPDX-License-Identifier: GPL-2.0
# For tests of the program, *_test.sh: sourced first. Sets $sclog, the program;
# $work, a folder of the test's own; and the working folder to this one.
# Call done_testing last.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
: "${SCLOG_BUILD:?is set by test/run: the folder of the built program}"
# shellcheck disable=SC2034	# for the tests
sclog=$SCLOG_BUILD/sclog
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. ./tap.sh

root() { [ "$(id -u)" = 0 ]; }
# of learn
# shellcheck disable=SC2034	# for the tests
sources="trace notify"
! root || sources="$sources log"

# report NAME STATUS [DETAILS]: one test; passes if STATUS is 0
report() {
	result "$2" "$1" "${3-}"
}

# check NAME STATUS OUTPUT COMMAND...: OUTPUT is a regular expression for all of
# standard output and standard error
check() {
	local name=$1 expected=$2 pattern=$3 status=0 output
	shift 3
	output=$("$@" 2>&1 </dev/null) || status=$?
	[ $status = "$expected" ] && [[ $output =~ ^$pattern$ ]]
	report "$name" $? "status $status, expected $expected; output:
$output"
}

# await COMMAND...: until it succeeds; fails after 30 s
await() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}

# contains FILE REGEX
contains() { grep -q -- "$2" "$1" 2>/dev/null; }
