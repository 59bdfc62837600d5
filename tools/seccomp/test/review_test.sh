#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# review on a terminal, by tmux: keys, another size of the window, Ctrl-C.
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1700000000 LC_ALL=C.UTF-8

cat >"$work/start.json" <<'END'
{ "architectures": ["SCMP_ARCH_X86_64"], "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 38, "syscalls": [ { "action": "SCMP_ACT_ALLOW",
    "names": [ "ioctl", "prctl", "ptrace", "read", "socket" ] } ],
  "x-sclog": { "version": 1, "calls": {
    "ioctl": { "count": 1, "args": { "1": { "0x5401": 1 } } },
    "prctl": { "count": 1, "args": { "0": { "0xf": 1 } } },
    "socket": { "count": 1, "args": { "0": { "0x2": 1 } } } },
    "decided": {}, "unnamed": {}, "runs": [] } }
END

tmux() {
	command tmux -S "$work/tmux" "$@"
}

# await_text PATTERN: read what the window shows until the pattern has come
await_text() {
	local char
	while ! [[ $seen == *$1* ]]; do
		IFS= read -r -t 60 -N 1 -u 3 char || return 1
		seen+=$char
	done
	seen=${seen#*"$1"}
}

# keys TEXT AWAITED: a line typed, and what must follow
keys() {
	tmux send-keys -t review "$1" Enter
	await_text "$2"
}

# start: review in a window of its own
start() {
	cp "$work/start.json" "$work/p.json"
	rm -f "$work/p.json~" "$work/screen" "$work/status"
	mkfifo "$work/screen"
	seen=
	tmux new-session -d -s review -x 60 -y 20 "cat"
	exec 3<>"$work/screen"
	tmux pipe-pane -t review "exec cat >'$work/screen'"
	tmux respawn-pane -k -t review \
		"'$sclog' review '$work/p.json'; echo \$? >'$work/status'; tmux -S '$work/tmux' wait-for -S ended; exec cat"
}

finish() {
	tmux kill-server
	exec 3<&-
}

start
await_text '1/4'
report "it asks" $? "$seen"
await_text '> '
keys o '2/4'
report "o: the next one" $? "$seen"
tmux resize-window -t review -x 100 -y 30
keys '?' 'Ctrl-C keeps nothing'
report "?: the help, in a window of another size" $? "$seen"
keys w 'time'
report "w: why" $? "$seen"
keys A '3/4'
report "A: capitals, too" $? "$seen"
keys x 'end here'
report "x: no answer, so the help" $? "$seen"
keys D '4/4'
report "D: the next one" $? "$seen"
keys q '1 narrowed, 1 allowed, 1 denied'
report "q: what was answered is kept" $? "$seen"
tmux wait-for ended
[ "$(cat "$work/status")" = 0 ]
report "and the status is 0" $? "$(cat "$work/status")"
finish
printf 'only ioctl\nallow prctl\ndeny ptrace\n' >"$work/answers"
cp "$work/start.json" "$work/by-file.json"
"$sclog" -q review --answers="$work/answers" "$work/by-file.json"
cmp -s "$work/p.json" "$work/by-file.json"
report "the answers as a file give the same" $? \
	"$(diff "$work/by-file.json" "$work/p.json")"

start
await_text '> '
keys d '2/4'
tmux send-keys -t review C-c
# the shell of the window is ended by it, too
while tmux list-panes -t review -F '#{pane_dead}' 2>/dev/null | grep -q 0; do
	IFS= read -r -t 1 -N 1 -u 3 _ || true
done
cmp -s "$work/p.json" "$work/start.json" && [ ! -e "$work/p.json~" ]
report "Ctrl-C leaves the file as it is" $?
finish 2>/dev/null

check "and it is not locked" 0 '.*nothing changed' "$sclog" review "$work/p.json"

printf 'deny mkdir # why\n  # more\nonly\tbrk\n' >"$work/commented"
"$sclog" learn -q --source=trace -o "$work/c.json" -- mkdir "$work/made"
echo keep >"$work/kept"
ln -s kept "$work/c.json~"
check "--answers: a comment behind a call" 0 '.*1 denied.*' \
	"$sclog" review --answers=<(grep -v only "$work/commented") "$work/c.json"
[ "$(cat "$work/kept")" = keep ] && [ ! -L "$work/c.json~" ]
report "  what POLICY~ leads to stays" $?
cp "$work/c.json" "$work/before.json"
check "--record that cannot be written" 1 'sclog: /nosuch/record: .*' \
	"$sclog" review --record=/nosuch/record --answers=<(echo deny brk) "$work/c.json"
cmp "$work/c.json" "$work/before.json"
report "  nothing is changed" $?
done_testing
