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
check "-v doctor: which files" 0 $'.*sclog: [^\n]*/proc/[^\n]*: No such file or directory.*' \
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

# Standard streams that are closed: their numbers must not become the policy's
"$sclog" learn -q --no-companions --source=trace -o "$work/closed.json" -- true
cp "$work/closed.json" "$work/closed2.json"
for command in "learn -o $work/closed2.json -- true" \
	"learn --source=notify -o $work/closed3.json -- true" \
	"allow $work/closed2.json mkdir ptrace" \
	"merge -o $work/closed4.json $work/closed.json $work/closed.json"; do
	# shellcheck disable=SC2086
	"$sclog" $command <&- >&- 2>&-
	report "standard streams are closed: ${command%% *}" $?
done
for policy in "$work"/closed?.json; do
	"$sclog" convert -q --to=oci -- "$policy" >/dev/null
	report "  the policy is whole" $?
done
streams() { "$sclog" run -p "$work/closed.json" -- sh -c 'ls /proc/self/fd' <&- 2>&-; }
! grep -qx 2 <<<"$(streams)"
report "  the command's are closed, too" $?
missing() { "$sclog" run -p "$work/closed.json" -- /nonexistent 2>&-; }
check "  a command that is not there" 127 '' missing

# Policies that are no files
mkfifo "$work/fifo"
for command in "learn -o $work/fifo -- true" "allow $work/fifo read" \
	"merge -o $work/fifo $work/closed.json $work/closed.json"; do
	# shellcheck disable=SC2086
	check "a policy that is a pipe: ${command%% *}" 1 'sclog: .*/fifo: not a regular file' \
		timeout 30 "$sclog" $command
done
ln -s nowhere "$work/dangling"
check "a policy that is a link to nothing" 1 'sclog: .*/dangling: a link to what is not there' \
	"$sclog" learn -o "$work/dangling" -- true
limited() { (ulimit -f 1; "$sclog" allow "$work/closed.json" mkdir); }
before=$(cat "$work/closed.json")
check "a policy larger than a file may be" 1 'sclog: .*/closed.json: cannot write: File too large' limited
[ "$before" = "$(cat "$work/closed.json")" ] && ! compgen -G "$work/.closed*" >/dev/null
report "  it stays as it was, and nothing else is left" $?
done_testing
