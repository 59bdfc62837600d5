# SPDX-License-Identifier: GPL-2.0
# libseccomp's tests besides the live ones, which are among the quick; sourced by
# deep_test

libseccomp_basic() {
	cd "$peers/libseccomp/tests" || return
	./regression -T basic $(grep -il '^test type: *basic' -- *.tests |
		sed 's/\(.*\)\.tests/-b \1/')
	cd /root || return
}
basic_passes() {
	libseccomp_basic | tee $work/basic
	grep -qE 'tests passed: [1-9]' $work/basic && grep -qE 'tests failed: 0' $work/basic &&
		grep -qE 'tests errored: 0' $work/basic && grep -qE 'tests skipped: 0' $work/basic
}
logged_check "libseccomp's basic tests" basic_passes

# One result for each file of simulated tests
"$here/simulated" "$peers/libseccomp/tests" "$VERDICTS" >$work/simulated
result $? "libseccomp's simulated tests end" "$(cat $work/simulated)"
grep -v '^#' $work/simulated >$work/files
while read -r name calls differ; do
	result "$differ" "  $name: $calls verdicts of the kernel are as simulated" \
		"$(grep "^# $name" $work/simulated)"
done <$work/files
