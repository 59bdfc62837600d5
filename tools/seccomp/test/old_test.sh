#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# exec and list, on recorded logs and on bad input.
. "$(dirname "$0")/lib.sh"

check "list: auditd's raw format" 0 $'read\nopenat' "$sclog" list raw.log
check "list: auditd's enriched format" 0 $'read\nopenat' "$sclog" list enriched.log
check "list: AppArmor's subj and an encoded comm" 0 'close' "$sclog" list apparmor.log
check "list: other conventions are named" 0 $'x86:getppid\nx32:getppid\ngetppid' \
	"$sclog" list arches.log
check "list: a number without a name" 0 '4242' "$sclog" list unnamed.log
check "list: denied and killed calls are not allowed ones" 0 'read' "$sclog" list actions.log
check "list: standard input" 0 $'read\nopenat' sh -c "'$sclog' list <raw.log; cat raw.log | '$sclog' list >/dev/null"
check "list: an empty log" 0 '' "$sclog" list empty.log
check "list: a broken record is passed over and said" 0 \
	$'sclog: passed over: [^\n]*\nread' "$sclog" list broken.log
check "list: lost records are said, and which calls they were is known" 0 \
	$'sclog: filter 9f4a12c08d3: 5 records are lost, and 3 of its calls are not listed: --complete adds them\nread' \
	"$sclog" list lost.log
check "list: the calls of lost records on demand" 0 $'x86:getpid\nread\nopen\nclose' \
	"$sclog" list --complete lost.log
check "list: nothing is added where nothing is lost" 0 'read' "$sclog" list -c complete.log
check "list: a closing record does not tell what was refused" 0 \
	$'sclog: filter 9f4a12c08d3: 2 records are lost, and 1 of its calls are not listed: refused ones among them\nclose' \
	"$sclog" list -c refused.log
check "list: sets that are none are passed over and said" 0 \
	$'(sclog: passed over: [^\n]*\n){6}read\npoll' "$sclog" list -c ranges.log
check "list: an unknown option" 2 $'list: unrecognized option \'--more\'\nTry.*' \
	"$sclog" list --more raw.log
check "list: no such file" 1 'sclog: no/such: No such file or directory' \
	"$sclog" list no/such
check "list: more than one file" 2 $'sclog: list: more than one file\nTry.*' \
	"$sclog" list raw.log raw.log
check "list: output that cannot be written" 1 'sclog: standard output: No space left on device' \
	sh -c "'$sclog' list raw.log >/dev/full"

printf '# a comment\n\nread\nno_such_call\n' >"$work/unknown"
check "exec: an unknown call is named with its line" 125 \
	"sclog: $work/unknown:4: unknown system call 'no_such_call'" \
	"$sclog" exec -a "$work/unknown" true
check "exec: a list that cannot be read" 125 'sclog: no/such: No such file or directory' \
	"$sclog" exec -a no/such true
echo read >"$work/short"
check "exec: a list without execve" 125 'sclog: .*/short: does not allow execve.*' \
	"$sclog" exec -d errno -a "$work/short" true
check "exec: an unknown action" 2 $'sclog: --default: unknown action \'maybe\'\nTry.*' \
	"$sclog" exec -d maybe true
check "exec: no command" 2 $'sclog: exec: no command\nTry.*' "$sclog" exec
check "exec: a command that is not there" 127 'sclog: no-such-command: No such file.*' \
	"$sclog" exec no-such-command
check "exec: a command that cannot run" 126 'sclog: .: Permission denied' "$sclog" exec .
check "exec: the command's own status" 42 '' "$sclog" exec sh -c 'exit 42'
check "exec: the command's own options" 0 $'-d\n-a' "$sclog" exec printf '%s\n' -d -a

done_testing
