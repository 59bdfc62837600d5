#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# learn: a program does under it what it does without it, and what it calls
# comes into the policy.
. "$(dirname "$0")/lib.sh"
set -m
watched=$work/watched
${CC:-cc} -O1 -Wall -Wextra -Werror -o "$watched" watched.c -pthread || exit 1
unset SUDO_UID SUDO_GID
chmod 755 "$work"
policy=$work/policy.json

has() { [[ $(grep -v '"command"' "$policy") == *"\"$1\""* ]]; }
# Ends with an object a line: the words of one
entry() { sed -n "s/^      \"$1\": {\(.*\)},*$/\1/p" "$policy"; }
# start COMMAND...: in the background, output in $work/out
start() {
	rm -f "$work/out"
	"$@" >"$work/out" 2>&1 &
}

acts="hello thread_exec vfork leader_first daemon own_filter own_listener untraced untraced3
	threads many stop signals ids killed"
for source in $sources; do
	for act in $acts; do
		# a listener is one for each chain; signals: see notify.h
		case $source:$act in notify:own_listener|notify:signals) continue ;; esac
		plain=$("$watched" $act 2>&1 </dev/null); plain_status=$?
		rm -f "$policy"
		watched_output=$("$sclog" learn -q --source=$source -o "$policy" -- "$watched" $act 2>"$work/err" </dev/null)
		status=$?
		[ $plain_status = 0 ] || plain_status=4
		# without root it cannot be otherwise
		root || plain=${plain/no_new_privs=0/no_new_privs=1}
		[ "$plain" = "$watched_output" ] && [ $status = $plain_status ] && [ -s "$policy" ]
		report "$source: $act is as without" $? "plain: $plain; status $status: $watched_output; $(cat "$work/err")"
		case $act in
		daemon) has sync; report "$source:   what is left behind is seen" $? ;;
		untraced*) has getpgid; report "$source:   the process is seen" $? ;;
		esac
	done
done

"$sclog" learn -q --source=trace --count -o "$policy" -- "$watched" hello >/dev/null
check "a program that was learned has no new call" 0 \
	$'sclog: learning by trace what is not in [^\n]*/policy.json yet\nhello\nsclog: watched: status 0, [0-9.]+ s, no new call' \
	"$sclog" learn --source=trace -o "$policy" -- "$watched" hello
[[ $(grep '"id": 3' "$policy") == *'"calls": 0,'* ]]
report "  and is not stopped for one" $? "$(grep '"id"' "$policy")"
check "  a process that was not to be traced is watched all the same" 0 '' \
	"$sclog" learn -q --source=trace -o "$policy" -- "$watched" untraced
check "  and again" 0 '' "$sclog" learn -q --source=trace -o "$policy" -- "$watched" untraced
check "a new call is named" 0 $'[^\n]*\nsclog: watched: status 0, [0-9.]+ s, [0-9]+ new calls?: .*socket.*' \
	"$sclog" learn --source=trace -o "$policy" -- "$watched" socket
check "--args: only what was seen is allowed" 0 '' \
	"$sclog" learn -q --source=trace --args=socket -o "$policy" -- "$watched" socket
check "  another value is said and not added" 0 \
	$'.*1 call was made otherwise than the policy\'s rules have it.*socket +watched.*domain=AF_INET.*to allow: sclog allow .*socket\\(domain=AF_INET.*' \
	"$sclog" learn --source=trace -o "$policy" -- "$watched" socket_inet
check "  and refused" 1 '.*1 call refused with ENOSYS.*socket +watched.*domain=AF_INET.*' \
	"$sclog" run -p "$policy" -- "$watched" socket_inet
cp "$policy" "$work/again.json"
check "  with --args again it is added" 0 \
	$'sclog: learning[^\n]*\nsclog: watched: status 0[^\n]*' \
	"$sclog" learn --source=trace --args=socket -o "$work/again.json" -- "$watched" socket_inet
check "    and allowed" 0 '' "$sclog" run -p "$work/again.json" -- "$watched" socket_inet
for source in $sources; do
	rm -f "$policy"
	"$sclog" learn -q --source=$source -o "$policy" -- "$watched" renamed >/dev/null
	[[ $(entry getppid) == *'"by": {"renamed": 1}'* ]]
	report "$source: a call is by the thread's name at that time" $? "$(entry getppid)"
	[[ $(entry socket) == *'"by": {"watched": 1}'* ]]
	report "$source:   also after execve()" $? "$(entry socket)"
done
rm -f "$policy"
check "--paths: which file was opened" 0 '' \
	"$sclog" learn -q --source=trace --paths -o "$policy" -- "$watched" open
[[ $(entry openat) == *'"/etc/passwd": 1'* ]]
report "  is in the policy" $? "$(entry openat)"
for source in $sources; do
	[ $source != log ] || continue
	"$sclog" learn -q --source=$source --paths -o "$work/paths.json" -- \
		bash -c ': </dev/tcp/127.0.0.1/1; exec /bin/true' 2>/dev/null
	for seen in 'connect "127.0.0.1:1"' 'execve "/bin/true"' 'execve "[^"]*/bash"'; do
		policy=$work/paths.json entry "${seen%% *}" | grep -q "${seen#* }: 1"
		report "$source:   $seen" $?
	done
	rm "$work/paths.json"
done
check "  explain shows it" 0 $'.*\n    path     /etc/passwd 1(\n.*)?' \
	"$sclog" explain "$policy" openat
rm -f "$policy"
"$sclog" learn -q --source=trace -o "$policy" -- "$watched" hello >/dev/null
for source in $sources; do
	cp "$policy" "$work/weak.json"
	output=$("$sclog" learn --source=$source -o "$work/weak.json" -- "$watched" weak 2>&1 | sort)
	[ "$(grep -c 'ptrace: can change\|process_vm_writev: can change\|io_uring_setup: what' <<<"$output")" = 3 ]
	report "$source: what makes the policy weaker is said" $? "$output"
	check "$source:   once" 0 '' "$sclog" learn -q --source=$source -o "$work/weak.json" -- "$watched" weak
done
rm -f "$policy"
check "--no-companions" 0 hello "$sclog" learn -q --source=trace --no-companions -o "$policy" -- "$watched" hello
! has restart_syscall
report "  adds none" $?
check "--companions" 0 hello "$sclog" learn -q --source=trace --companions=-clock -o "$policy" -- "$watched" hello
has restart_syscall && ! has clock_getres
report "  adds the groups wanted" $?
check "what is suggested is for a shell" 0 \
	$'.*\'sclog explain \'[^\n]*/of a shell.json\'\' says why each' \
	"$sclog" learn --source=trace -o "$work/of a shell.json" -- "$watched" hello
rm -f "$policy"
check "a hostile name is written so that it can be read" 0 '' \
	"$sclog" learn -q --source=trace -o "$policy" -- "$watched" name
check "  again" 0 '' "$sclog" learn -q --source=trace --count -o "$policy" -- "$watched" name
! grep -q $'\e' "$policy"
report "  without what a terminal obeys" $?

# Signals. Jobs have process groups of their own here.
rm -f "$policy"
start "$sclog" learn -q --source=trace -o "$policy" -- "$watched" interrupt
await contains "$work/out" ready; kill -INT -- -$!; wait $!; status=$?
[ $status = 4 ] && [[ $(grep '"id": 1' "$policy") == *'"status": 5'* ]]
report "Ctrl-C: the command decides" $? "status $status, $(cat "$work/out")"
rm -f "$policy"
for source in $sources; do
	start "$sclog" learn --source=$source -o "$policy" -- "$watched" wait
	await contains "$work/out" ready
	kill -USR1 $!
	await contains "$work/out" 'calls, [0-9]* new, [0-9]* s'
	report "$source: SIGUSR1 prints a line" $? "$(cat "$work/out")"
	kill -TERM $!; wait $!; status=$?
	[ $status = 4 ] && contains "$work/out" 'ended by Terminated' && [ -s "$policy" ]
	report "$source: SIGTERM is passed on, and the policy written" $? "status $status, $(cat "$work/out")"
	start "$sclog" learn --source=$source -o "$policy" -- "$watched" leave
	await contains "$work/out" 'what it started goes on: watched\['
	report "$source: what the command leaves behind is said" $? "$(cat "$work/out")"
	kill -INT $!; wait $!; status=$?
	[ $status = 0 ]
	report "$source: Ctrl-C ends it" $? "status $status, $(cat "$work/out")"
	check "$source: --for ends the command" 0 ready \
		"$sclog" learn -q --source=$source --for=300ms -o "$policy" -- "$watched" wait
done
check "trace: --until=main ends what is left" 0 '' \
	"$sclog" learn -q --source=trace --until=main -o "$policy" -- "$watched" leave
start "$sclog" learn -q --source=trace -o "$policy" -- "$watched" wait
await contains "$work/out" ready
child=$(pgrep -P $!)
kill -TSTP -- -$!
# by another shell: bash leaves a loop when a job of its own stops
timeout 30 sh -c "until grep -q ' T ' /proc/$!/stat; do sleep 0.05; done"
report "Ctrl-Z stops sclog" $?
kill -CONT -- -$!; kill -STOP $child
await eval "[[ \$(cut -d' ' -f3 /proc/$child/stat) = [Tt] ]]"
report "a process can be stopped" $?
kill -CONT $child; kill -TERM $child; wait $!
[ $? = 4 ]
report "  and goes on" $?
start "$sclog" learn -q --source=trace -o "$policy" -- "$watched" wait
await contains "$work/out" ready
child=$(pgrep -P $!)
kill -KILL $!; wait $! 2>/dev/null
await eval "[ ! -e /proc/$child ]"
report "if sclog is killed, so is the command" $?
start "$sclog" learn -q --source=trace -o "$policy" -- "$watched" wait
first=$!
await contains "$work/out" ready
rm -f "$work/out2"
"$sclog" learn -q --source=trace -o "$policy" -- "$watched" hello >"$work/out2" 2>&1 &
await contains "$work/out2" waiting
report "a second sclog waits for the policy, and says so" $? "$(cat "$work/out2")"
kill -TERM $first; wait $first; wait $!
report "  and then goes on" $? "$(cat "$work/out2")"
# also if the policy is replaced meanwhile, and the new one is locked
rm -f "$policy" "$work/out2"
cat >"$work/replace" <<'END'
until grep -qs waiting "$1"; do sleep 0.05; done
mkdir "$2"
until grep -q '"mkdir"' "$3"; do sleep 0.05; done
sleep 0.2
END
start timeout 60 env SCLOG_SAVE_MS=100 "$sclog" learn -q --source=trace -o "$policy" -- \
	sh "$work/replace" "$work/out2" "$work/replaced" "$policy"
await test -e "$policy"
"$sclog" learn -q --source=trace -o "$policy" -- "$watched" hello >"$work/out2" 2>&1
wait $!
[ "$(grep -c waiting "$work/out2")" = 1 ]
report "  it is said once" $? "$(cat "$work/out2")"

# The policy is written while it grows: the command waits for that
rm -f "$policy"
cat >"$work/grow" <<'END'
mkdir "$1"
for i in $(seq 600); do
	grep -q '"mkdir"' "$2" 2>/dev/null && exit
	sleep 0.05
done
exit 1
END
for source in $sources; do
	rm -f "$policy"
	check "$source: the policy is written while it grows" 0 '' env SCLOG_SAVE_MS=100 \
		"$sclog" learn -q --source=$source -o "$policy" -- sh "$work/grow" "$work/grow.$source" "$policy"
done
rm -f "$policy"
start "$sclog" learn --source=trace -o "$policy" -- "$watched" wait
await contains "$work/out" ready
kill -USR1 $!
await contains "$work/out" 'calls, [0-9]* new'
[ ! -s "$policy" ]
report "  but not at once" $? "$(cat "$policy")"
kill -TERM $!; wait $!

# On a terminal that is the command's, too, no line is drawn anew
script -qec "TERM=xterm '$sclog' learn -o '$policy' --for=600ms -- '$watched' wait" /dev/null >"$work/out" </dev/null
contains "$work/out" ready && ! grep -q $'\e\[K' "$work/out"
report "no progress line on the command's terminal" $? "$(cat -v "$work/out")"
script -qec "TERM=xterm '$sclog' learn -o '$policy' --for=900ms -- '$watched' wait >/dev/null </dev/null" /dev/null >"$work/out" </dev/null
grep -q $'\e\[Ksclog: [0-9]* calls' "$work/out"
report "a progress line on another" $? "$(cat -v "$work/out")"

rm -f "$policy"
check "a command that fails: status 4" 4 '' "$sclog" learn -q -o "$policy" -- sh -c 'exit 3'
rm -f "$policy"
check "a command that is not there" 127 'sclog: no-such-command: command not found' \
	"$sclog" learn -o "$policy" -- no-such-command
check "one that cannot be run" 126 'sclog: /etc/passwd: Permission denied' \
	"$sclog" learn -o "$policy" -- /etc/passwd
printf '#!/no/such/interpreter\n' >"$work/script"; chmod 755 "$work/script"
check "one whose interpreter is not there" 127 $'.*sclog: .*/script: No such file or directory' \
	"$sclog" learn -o "$policy" -- "$work/script"
[ ! -e "$policy" ]
report "  and no policy is left" $?
printf 'echo script\n' >"$work/script"
check "a script without an interpreter's line" 0 script "$sclog" learn -q -o "$policy" -- "$work/script"
check "no policy" 2 $'sclog: learn: no policy: -o POLICY\n.*' "$sclog" learn true
check "no command" 2 $'sclog: learn: no command\n.*' "$sclog" learn -o "$policy"
check "an unknown source" 2 $'sclog: learn: --source: \'x\' is not .*' "$sclog" learn -o "$policy" --source=x true
check "a bad time" 2 $'sclog: learn: --for: \'1x\' is not .*' "$sclog" learn -o "$policy" --for=1x true
check "a call without arguments to narrow" 2 $'sclog: learn: --args: \'getpid\': .*' \
	"$sclog" learn -o "$policy" --args=getpid true
check "an unknown user" 2 $'sclog: -u: \'no-such-user\': no such user' \
	"$sclog" learn -o "$policy" -u no-such-user true
echo '{' >"$work/broken"
for option in --source=trace --user=root --until=main --count --paths; do
	check "--unit and ${option%=*}" 2 \
		$'sclog: learn: '"${option%=*}"$' is for a command, not for --unit\n.*' \
		"$sclog" learn -o "$policy" --unit=no-such-unit $option
done
check "--paths by records" 2 $'sclog: learn: --paths: .*' \
	"$sclog" learn -o "$policy" --source=log --paths -- true
for source in $sources; do
	rm -f "$policy"
	"$sclog" learn --json --source=$source -o "$policy" -- sh -c '"$1" hello; "$1" weak; exit 3' \
		sh "$watched" >"$work/out" 2>"$work/err" </dev/null
	[ $? = 4 ] && grep -qx hello "$work/out" && /usr/bin/python3 - $source "$policy" "$work/err" >"$work/objects" 2>&1 <<'END'
import json, sys
lines = [line for line in open(sys.argv[3])]
assert len(lines) == 1, lines
summary = json.loads(lines[0])["summary"]
policy = json.load(open(sys.argv[2]))["x-sclog"]
calls = policy["calls"].values()
assert summary["source"] == sys.argv[1] and summary["policy"] == sys.argv[2]
assert summary["written"] and summary["command"][:2] == ["sh", "-c"]
assert summary["status"] == 3 and summary["lost"] == 0
assert summary["calls"] == policy["runs"][0]["calls"]
assert summary["seen"] == sum(call["count"] > 0 for call in calls)
assert summary["companions"] == sum(call["count"] == 0 for call in calls)
assert summary["known"] == 0 and "socket" not in summary["new"]
assert "execve" in summary["new"] and "ptrace" in summary["new"]
assert summary["processes"] == 3, summary
assert summary["record"] == "complete" and len(summary["warnings"]) >= 3, summary
END
	report "$source: --json: one summary" $? "$(cat "$work/out" "$work/err" "$work/objects")"
	"$sclog" learn --json --source=$source -o "$policy" -- "$watched" socket 2>"$work/err" >"$work/out" </dev/null &&
		[[ $(cat "$work/err") =~ ^'{"summary": '.*' "known": '[1-9].*'"new": ["socket"], '.*'"warnings": []}}'$ ]]
	report "$source: --json:   what is new" $? "$(cat "$work/out" "$work/err")"
done
rm -f "$policy"
"$sclog" learn -q --source=trace --args=socket -o "$policy" -- "$watched" socket
"$sclog" learn --json --source=trace -o "$policy" -- "$watched" socket_inet 2>"$work/err" >"$work/out" </dev/null &&
	[[ $(head -n 1 "$work/err") == '{"call": "socket", '*'domain=AF_INET'* ]] && [ "$(wc -l <"$work/err")" = 2 ]
report "--json: calls that the rules do not allow" $? "$(cat "$work/out" "$work/err")"
mkdir "$work/gone"
check "--json: nothing is written" 1 $'.*sclog: .*\n\\{"summary": .*"written": false, .*' \
	"$sclog" learn --json --source=trace -o "$work/gone/p.json" -- rm -r "$work/gone"
check "a policy that is broken is left alone" 1 'sclog: .*/broken:.*' "$sclog" learn -o "$work/broken" -- true
[ "$(cat "$work/broken")" = '{' ]
report "  as it is" $?

if root; then
	mkdir "$work/locked"
	"$sclog" learn -q --source=trace -o "$work/locked/p.json" -- "$watched" hello >/dev/null
	chown nobody "$work/locked/p.json"
	check "a folder that cannot be written is said before the command runs" 1 \
		'sclog: .*/p.json: cannot make a file beside it: Permission denied' \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$sclog" learn -o "$work/locked/p.json" -- "$watched" hello
	check "-u: the user, all of the user's groups, no no_new_privs" 0 \
		"uid=65534 gid=65534 groups=1 no_new_privs=0 home=/nonexistent" \
		"$sclog" learn -q -u nobody -o "$policy" -- "$watched" ids
	rm -f "$policy"
	mkdir -m 777 "$work/users"; chown nobody "$work/users"
	check "under sudo: the user who called it" 0 \
		"uid=65534 gid=65534 groups=1 no_new_privs=0 home=/nonexistent" \
		env SUDO_UID=65534 SUDO_GID=65534 "$sclog" learn -q -o "$work/users/policy" -- "$watched" ids
	[ "$(stat -c %u "$work/users/policy")" = 65534 ]
	report "  has the policy, in a folder of its own" $?
	cp "$watched" "$work/set-user-id"; chmod 4755 "$work/set-user-id"
	for source in $sources; do
		check "$source: set-user-ID programs have their rights" 0 'euid=0 no_new_privs=0' \
			"$sclog" learn -q --source=$source -u nobody -o "$policy" -- "$work/set-user-id" euid
	done
	for source in trace notify; do
		rm -f "$work/users/other"
		check "$source: without root that they have not is said" 0 \
			$'sclog: .*/set-user-id: has another user\'s rights.*\neuid=65534 no_new_privs=1' \
			setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$sclog" learn -q --source=$source -o "$work/users/other" -- "$work/set-user-id" euid
	done

	# Loss: records come while sclog does not read, and its buffer is small
	rm -f "$policy"
	mkfifo "$work/gate"
	# open, so that nothing waits for a reader that has ended
	exec {gate}<>"$work/gate"
	start env SCLOG_BUFFER_BYTES=8192 "$sclog" learn --source=log \
		--count -o "$policy" -- sh -c 'read line <"$0"; for i in $(seq 300); do umask; done >/dev/null; exec "$1" wait' \
		"$work/gate" "$watched"
	learn=$!
	await eval '[ "$(cut -d" " -f2 /proc/$(pgrep -P $learn)/stat 2>/dev/null)" = "(sh)" ]'
	kill -STOP $learn
	echo >&$gate
	await contains "$work/out" ready
	kill -CONT $learn
	kill -TERM $learn
	# a job that was stopped is said first
	while wait $learn; status=$?; [ $status = 147 ]; do :; done
	[ $status = 3 ] && contains "$work/out" 'the record is incomplete: .*; at least [1-9][0-9,]* lost'
	report "log: what does not fit the receive buffer is counted" $? "status $status, $(cat "$work/out")"
	lost=$(sed -n 's/.* at least \([0-9,]*\) lost$/\1/p' "$work/out" | tr -d ,)
	[ "${lost:-0}" -gt 200 ]
	report "  by the numbers of the records" $? "${lost-} of more than 300"

	# Loss: audit makes ten records a second
	/usr/bin/python3 audit_rate.py 10
	rm -f "$policy"
	check "log: lost records are said" 3 $'.*the record is incomplete: .*; at least [1-9][0-9,]* lost.*' \
		"$sclog" learn --source=log --count -o "$policy" -- "$watched" many
	[[ $(grep '"id": 1' "$policy") == *'"complete": "no"'* || $(grep '"id": 1' "$policy") == *'"complete": false'* ]]
	report "  also in the policy" $? "$(grep '"id": 1' "$policy")"
	rm -f "$policy"
	check "  --strict writes nothing then" 3 $'.*nothing is written.*' \
		"$sclog" learn --source=log --count --strict -o "$policy" -- "$watched" many
	[ ! -e "$policy" ]
	report "  at all" $?
	/usr/bin/python3 audit_rate.py 0
fi

"$sclog" learn -q --source=trace --args=openat -o "$work/narrow.json" -- true
! grep -q '"open"' "$work/narrow.json"
report "--args: a narrowed call has no twin that could do more" $? "$(cat "$work/narrow.json")"
"$sclog" learn -q --source=trace -o "$work/later.json" -- true
grep -q '"open"' "$work/later.json"
report "  without it, it has one" $? "$(cat "$work/later.json")"
check "  which is removed if the call is narrowed later" 0 \
	'.*sclog: open: not allowed any more: it was there for openat, which is narrowed.*' \
	"$sclog" learn --source=trace --args=openat -o "$work/later.json" -- true
! grep -q '"open"' "$work/later.json"
report "    from the policy" $? "$(cat "$work/later.json")"
done_testing
