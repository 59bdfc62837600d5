#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# run and check: what a policy refuses, what is said of it, statuses. The first
# part is the transcript of the man page.
. "$(dirname "$0")/lib.sh"
watched=$work/watched
${CC:-cc} -O1 -o "$watched" watched.c -pthread || exit 1
unset SUDO_UID SUDO_GID
cd "$work" || exit 1
mkdir files
echo hello >files/file
/usr/bin/python3 -c '
import functools, http.server
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="files")
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
open("port.new", "w").write(str(server.server_port))
import os; os.rename("port.new", "port")
server.serve_forever()' 2>/dev/null &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
await test -e port
url=http://127.0.0.1:$(cat port)/file

check "a developer learns" 0 \
	$'sclog: learning by trace [^\n]*\nsclog: curl: status 0, [0-9.]+ s, [0-9,]+ calls, [0-9]+ different\nsclog: curl.json: [0-9]+ calls seen and [0-9]+ companions; \'sclog explain curl.json\' says why each' \
	"$sclog" learn --source=trace -o curl.json -- curl -sS -o page "$url"
check "  runs" 0 '' "$sclog" run -p curl.json -- curl -sS -o page "$url"
check "  is told what is refused, and what allows it" 23 \
	$'Error creating directory new.*\nsclog: 1 call refused with ENOSYS, which curl.json does not have:\n +1  mkdir  curl\\[[0-9]+\\]  mode=0750 .*\nsclog: to allow it: sclog allow curl.json mkdir; to learn what follows it: sclog learn -o curl.json -- curl ...' \
	"$sclog" run -p curl.json -- curl -sS --create-dirs -o new/page "$url"
check "  checks: something new" 1 \
	$'sclog: curl.json does not have 1 call that was made:\n +1  mkdir  curl\\[[0-9]+\\]  mode=0750 .*\nsclog: to accept: sclog allow curl.json mkdir' \
	"$sclog" check --source=trace -p curl.json -- curl -sS --create-dirs -o new/page "$url"
check "  learns that" 0 \
	$'sclog: learning by trace what is not in curl.json yet\nsclog: curl: status 0, [0-9.]+ s, 1 new call: mkdir' \
	"$sclog" learn --source=trace -o curl.json -- curl -sS --create-dirs -o other/page "$url"
check "  checks: nothing new" 0 '' \
	"$sclog" check --source=trace -p curl.json -- curl -sS --create-dirs -o third/page "$url"
check "  runs that" 0 '' "$sclog" run -p curl.json -- curl -sS --create-dirs -o fourth/page "$url"

for source in trace notify; do
	check "check by $source: the command fails" 4 $'(sclog: not watched:[^\n]*\n)?curl: .*' \
		"$sclog" check --source=$source -p curl.json -- curl -sS --no-such-option
done
"$sclog" check --json --source=trace -p curl.json -- sh -c 'echo out; uname' >json 2>err </dev/null
[ $? = 1 ] && grep -q '^out$' err && python3 -c '
import json, sys
calls = [json.loads(line) for line in open("json")]
assert any(c["call"] == "uname" and c["comm"] == "uname" and c["count"] == 1 for c in calls), calls'
report "check --json: one object a line, nothing else" $? "$(cat json err)"

"$sclog" run --json -p curl.json -- sh -c 'echo out; cd /tmp; uname' >out 2>err </dev/null
[ "$(head -n 1 out)" = out ] && grep '^{' err >json && python3 -c '
import json
assert any(json.loads(line)["call"] == "chdir" for line in open("json"))' && ! grep -q '^sclog: ' err
report "run --json: one object a line on standard error" $? "$(cat out err)"

"$sclog" learn -q --source=trace -o hello.json -- "$watched" hello >/dev/null
for how in kill trap; do
	check "--deny=$how: who, what, and the signal as status" 159 \
		$'sclog: 1 call refused by [^\n]*, which hello.json does not have:\n +1  socket +watched\\[[0-9]+\\]  domain=AF_UNIX type=SOCK_STREAM[^\n]*\nsclog: to allow it: .*' \
		"$sclog" run --deny=$how -p hello.json -- "$watched" socket
done
"$sclog" learn -q --source=trace -o thread.json -- "$watched" in_thread
for how in kill trap; do
	check "--deny=$how: a thread's call, not the one in which another waits" 159 \
		$'sclog: 1 call refused by [^\n]*:\n +1  socket +watched\\[[0-9]+\\]  [^\n]*\nsclog: to allow it: .* thread.json socket;.*' \
		"$sclog" run --deny=$how -p thread.json -- "$watched" in_thread socket
done
check "--deny=log: nothing is refused" 0 '' "$sclog" run --deny=log -p hello.json -- "$watched" socket
check "the status is the command's" 42 '' "$sclog" run --deny=log -p hello.json -- sh -c 'exit 42'
check "  128 and the signal" 143 '' "$sclog" run --deny=log -p hello.json -- "$watched" killed
check "a supervisor is not in the way of signals" 0 '0 failed' \
	sh -c "'$sclog' learn -q --source=trace -o s.json -- '$watched' signals >/dev/null && '$sclog' run -p s.json -- '$watched' signals"
echo '{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "syscalls": [
	{"names": ["exit", "exit_group"], "action": "SCMP_ACT_ALLOW"}]}' >none.json
# AddressSanitizer makes some of its own in the child of sclog
of_child='1 call' follows=it
if nm -D "$sclog" | grep -q __asan_init; then
	of_child='[0-9]+ calls' follows=them
fi
check "a policy without execve: the command cannot begin" 126 \
	$'sclog: true: Operation not permitted\nsclog: '"$of_child"$' refused with EPERM.* execve .*' \
	"$sclog" run -p none.json -- true

# A supervisor that is killed leaves the filter behind
"$sclog" learn -q --source=trace -o orphan.json -- sh -c 'kill -0 $PPID; echo $?'
check "what is refused is refused without sclog, too" 137 'refused' \
	"$sclog" run -p orphan.json -- sh -c 'kill -9 $PPID; cd / 2>/dev/null && echo in || echo refused'

# A list as it is shown: a call a line, or several
cat >list <<'END'
# what a shell needs that prints one word
execve read write close mmap mprotect munmap brk exit_group openat newfstatat
pread64 access arch_prctl set_tid_address set_robust_list prlimit64 getrandom
rseq fstat getuid getgid getpid getppid geteuid getegid rt_sigaction
-100
END
check "a list of calls as policy" 0 hello "$sclog" run -p list -- sh -c 'echo hello'
sed 's/ write / /' list >shorter
check "  each of them counts" 1 $'.*call.* refused with ENOSYS, which shorter does not have:\n +[0-9]+ +write .*' \
	"$sclog" run -p shorter -- sh -c 'echo hello'
check "  none else passes" 2 '.*1 call refused with ENOSYS.* chdir .*' \
	"$sclog" run -p list -- sh -c 'cd /'
check "  for check, too" 1 $'.*shorter does not have 1 call that was made:\n +[0-9]+ +write .*' \
	"$sclog" check --source=trace -p shorter -- sh -c 'echo hello'
check "  what allows it is a line for a shell" 1 $'.*\nsclog: to allow it: echo write >>shorter' \
	"$sclog" run -p shorter -- sh -c 'echo hello'
eval "$("$sclog" run -p shorter -- sh -c 'echo hello' 2>&1 | sed -n 's/^sclog: to allow it: //p')"
check "    which does it" 0 hello "$sclog" run -p shorter -- sh -c 'echo hello'
check "  allow and learn do not write one" 1 \
	'sclog: list: a list of calls, which is only read; a policy of it: sclog convert --from list --to oci list' \
	"$sclog" allow list mkdir
sed 's/ close / no_such_call /' list >wrong
check "  a wrong name is said with its line" 125 $'sclog: wrong:2: \'no_such_call\': unknown system call' \
	"$sclog" run -p wrong -- true
printf 'aarch64:%s\n' read execve >foreign
check "a list of another machine" 125 \
	"sclog: foreign: allows no call of $("$sclog" explain -- -1 | sed 's/:.*//'), this machine's convention, but of aarch64" \
	"$sclog" run -p foreign -- true
check "  that refuses nothing" 0 '' "$sclog" run -p foreign --deny=log -- true
cp none.json "it's a \$policy.json"
mkdir 'a folder' && ln -s /usr/bin/true 'a folder/true'
check "what is suggested is for a shell" 126 \
	$'.*; to learn what follows '$follows$': sclog learn -o \'it\'"\'"\'s a \\$policy.json\' -- \'a folder/true\'' \
	"$sclog" run -p "it's a \$policy.json" -- 'a folder/true'
check "no policy there" 125 'sclog: no-such.json: No such file or directory' \
	"$sclog" run -p no-such.json -- true
check "  for check" 1 'sclog: no-such.json: No such file or directory' \
	"$sclog" check -p no-such.json -- true
for verb in run check; do
	check "$verb: no policy" 2 $'sclog: [a-z]*: no policy: -p POLICY\n.*' "$sclog" $verb true
	check "$verb: no command" 2 $'sclog: [a-z]*: no command\n.*' "$sclog" $verb -p hello.json
	check "$verb: not there" 127 'sclog: no-such-command: command not found' \
		"$sclog" $verb -p hello.json no-such-command
done
check "an unknown denial" 2 $'sclog: run: --deny: \'x\' is not .*' "$sclog" run --deny=x -p hello.json true

# What rules of the policy refuse or kill
"$sclog" learn -q --source=trace -o mkdir.json -- mkdir made
rmdir made
"$sclog" learn -q --source=trace -o mkdir.json -- mkdir files 2>/dev/null
python3 - <<'END'
import json
policy = json.load(open("mkdir.json"))
for name, action, number in (("kill", "SCMP_ACT_KILL_PROCESS", None), ("trap", "SCMP_ACT_TRAP", None),
                             ("eacces", "SCMP_ACT_ERRNO", 13)):
    for rule in policy["syscalls"]:
        if rule["names"] == ["mkdir"]:
            rule["action"] = action
            if number:
                rule["errnoRet"] = number
    json.dump(policy, open(f"by-{name}.json", "w"))
END
for how in kill trap; do
	check "a rule of the policy: $how" 159 \
		"sclog: mkdir ended by SIGSYS, as by-$how.json says for mkdir; the call and its arguments: sclog check -p by-$how.json -- mkdir ..." \
		"$sclog" run -p by-$how.json -- mkdir made
	check "  --json" 159 '\{"killed": \{"signal": "SIGSYS", "rules": "mkdir"\}\}' \
		"$sclog" run --json -p by-$how.json -- mkdir made
done
check "a rule of the policy: an errno" 1 \
	$'mkdir: [^\n]*Permission denied\nsclog: 1 call refused, which by-eacces.json does not allow:\n +1  mkdir  .*' \
	"$sclog" run -p by-eacces.json -- mkdir made
check "a policy from standard input has no name" 1 \
	$'mkdir: .*\nsclog: 1 call refused, which standard input does not allow:\n +1  mkdir  .*\nsclog: to allow it: sclog allow POLICY mkdir; .* sclog learn -o POLICY -- mkdir ...' \
	sh -c '"$0" run -p - -- mkdir made <by-eacces.json' "$sclog"
done_testing
