#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What all verbs have: help, version, options, wrong usage.
. "$(dirname "$0")/lib.sh"

verbs=$("$sclog" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
check "help: has the verbs" 0 $'.*\n  learn .*\n  read .*\n  run .*\n  check .*\n  review .*\n  doctor .*' \
	"$sclog" --help
[ "$("$sclog" --help | wc -l)" -le 40 ]
report "help: is a screen" $?
for verb in $verbs; do
	check "$verb: help, with an example" 0 "Usage: sclog $verb.*" "$sclog" "$verb" --help
	check "$verb: -h is the same" 0 "Usage: sclog $verb.*" "$sclog" "$verb" -h
	[ "$("$sclog" "$verb" --help | awk 'length > 80 || NR > 40' | wc -l)" = 0 ]
	report "$verb: help is a screen" $?
	check "$verb: version" 0 'sclog [0-9.]+' "$sclog" "$verb" --version
	check "$verb: an unknown option" 2 \
		"sclog: $verb: --no-such-option: unknown option"$'\n'"Try 'sclog $verb --help'." \
		"$sclog" "$verb" --no-such-option
	check "$verb: a bad colour" 2 \
		"sclog: $verb: --color: 'red' is not auto, always or never"$'\n'"Try 'sclog $verb --help'." \
		"$sclog" "$verb" --color=red
done
check "version" 0 'sclog [0-9.]+' "$sclog" -V
check "no verb" 2 $'sclog: no verb\nTry \'sclog --help\'.' "$sclog"
check "an unknown verb" 2 $'sclog: unknown verb \'what\'\nTry \'sclog --help\'.' "$sclog" what
check "a hostile verb" 2 $'sclog: unknown verb \'\\\\x1b\\[2J\'\nTry \'sclog --help\'.' \
	"$sclog" $'\e[2J'
check "an unknown letter" 2 $'sclog: -x: unknown option\nTry \'sclog --help\'.' "$sclog" -x
check "an argument that is missing" 2 $'sclog: --color: needs an argument\nTry \'sclog --help\'.' \
	"$sclog" --color
check "an argument that is too many" 2 $'sclog: --json=1: takes no argument.*' "$sclog" --json=1
"$sclog" learn -q --source=trace -o "$work/v.json" -- true
says='sclog: [^:]*v.json: calls [0-9]+, runs [0-9]+, all else SCMP_ACT_ERRNO'
for words in "explain $work/v.json read" "stat $work/v.json" "diff $work/v.json $work/v.json" \
	"review $work/v.json" "allow $work/v.json read" "deny $work/v.json mkdir" \
	"drop $work/v.json mkdir" "merge -o $work/v2.json $work/v.json $work/v.json"; do
	# shellcheck disable=SC2086
	check "-v ${words%% *}: the policy" 0 "(.*"$'\n'")?$says.*" "$sclog" -v $words
done
check "-v run: the policy and the filter" 0 \
	"$says"$'\nsclog: run: a filter of [0-9]+ instructions; what is refused is known from [^\n]*' \
	"$sclog" run -v -p "$work/v.json" -- true
for verb in 'learn -q -o' 'check -p'; do
	# shellcheck disable=SC2086
	check "-v $verb: the policy, the source and the filter" 0 \
		"$says"$'\nsclog: (learn|check): by trace, a filter of [0-9]+ instructions' \
		"$sclog" -v $verb "$work/v.json" --source=trace -- true
done
check "-v read: what was read" 0 $'sclog: read: 0 records taken, 0 repeated, 0 left out, 0 cut, 0 foreign\n.*' \
	"$sclog" read -v /dev/null
check "-v convert: what was read" 0 $'sclog: [^\n]*v.json: oci, [0-9]+ calls\n.*' \
	"$sclog" convert -v --to=list "$work/v.json"
check "-v doctor: which files" 1 $'.*sclog: [^\n]*/proc/[^\n]*: No such file or directory.*' \
	"$sclog" doctor -v --root="$work"
check "a file without a name" 1 "sclog: '': No such file or directory" "$sclog" explain ''
check "  to be written" 1 "sclog: '': No such file or directory" \
	"$sclog" learn -o '' -- true
check "  a policy to run under" 125 "sclog: '': No such file or directory" \
	"$sclog" run -p '' -- true
check "a command without a name" 127 "sclog: '': command not found" \
	"$sclog" learn -o "$work/p.json" -- ''
check "output that cannot be written" 1 'sclog: standard output: No space left on device' \
	sh -c "'$sclog' --help >/dev/full"
done_testing
