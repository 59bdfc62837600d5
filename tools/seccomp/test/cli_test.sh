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
