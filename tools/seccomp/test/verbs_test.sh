#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# allow, deny, drop, review --answers, diff, merge, explain, stat, doctor.
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1700000000 LC_ALL=C.UTF-8

# One policy for all: what two runs of curl would have left
cat >"$work/curl.json" <<'END'
{
  "architectures": ["SCMP_ARCH_X86_64"],
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 38,
  "syscalls": [
    {"action": "SCMP_ACT_ALLOW", "names": ["exit_group", "ioctl", "mprotect", "prctl", "read", "socket"]},
    {"action": "SCMP_ACT_ERRNO", "errnoRet": 38, "names": ["clone3"]}
  ],
  "x-sclog": {
    "calls": {
      "clone3": {"by": {"curl": 1}, "count": 1, "runs": [1], "why": "clone3"},
      "exit_group": {"count": 0, "why": "end"},
      "ioctl": {"args": {"1": {"0x5401": 2, "0x5421": 1}}, "by": {"curl": 3}, "count": 3, "runs": [1]},
      "mprotect": {"args": {"2": {"0x1": 6, "0x3": 3}}, "by": {"curl": 9}, "count": 9, "runs": [1, 2]},
      "prctl": {"args": {"0": {"0xf": 1}}, "by": {"a\nb": 1}, "count": 1, "runs": [2]},
      "read": {"by": {"curl": 1200, "sh": 5}, "count": 1205, "runs": [1, 2]},
      "socket": {"args": {"0": {"0x2": 2}, "1": {"0x1": 2}, "2": {"0x0": 2}}, "by": {"curl": 2}, "count": 2, "pairs": {"0x100000002": 2}, "runs": [1, 2]}
    },
    "decided": {},
    "runs": [
      {"calls": 1000, "command": ["curl", "-sS", "http://127.0.0.1/"], "complete": true, "date": "2023-11-14T22:00:00Z", "id": 1, "lost": 0, "source": "trace", "status": 0},
      {"calls": 221, "command": ["curl", "-V"], "complete": false, "date": "2023-11-15T22:00:00Z", "id": 2, "lost": 7, "source": "trace", "status": 3}
    ],
    "unnamed": {},
    "version": 1
  }
}
END

fresh() {
	cp "$work/curl.json" "$work/p.json"
}

# unchanged NAME STATUS OUTPUT COMMAND...: as check, and the policy is as it was
unchanged() {
	fresh
	check "$@"
	cmp -s "$work/curl.json" "$work/p.json"
	report "$1: nothing is changed" $?
}

# golden NAME STATUS FILE COMMAND...: all output is that of the file
golden() {
	local name=$1 expected=$2 file=golden/$3 status=0
	shift 3
	(cd "$work" && "$@") >"$work/out" 2>&1 </dev/null || status=$?
	[ -z "${UPDATE_GOLDEN-}" ] || cp "$work/out" "$file"
	[ $status = "$expected" ] && diff "$file" "$work/out" >"$work/diff"
	report "$name" $? "status $status, expected $expected
$(cat "$work/diff")"
}

p=$work/p.json

# allow, deny, drop
fresh
check "allow" 0 '.*p.json: allowed mkdir.*' "$sclog" allow "$p" mkdir
check "allow: arguments" 0 '.*allowed unlinkat.*' \
	"$sclog" allow "$p" 'unlinkat(flags=AT_REMOVEDIR)'
check "allow: more arguments" 0 '.*allowed unlinkat.*' \
	"$sclog" allow "$p" 'unlinkat(flags=0)'
check "explain: what was allowed" 0 '.*only flags=AT_REMOVEDIR\|0; decided: only by .*' \
	"$sclog" explain "$p" unlinkat
check "deny: some arguments" 0 '.*denied.*' \
	"$sclog" deny "$p" 'unlinkat(flags=AT_REMOVEDIR)'
check "explain: what was denied" 0 '.*only flags=0; .*' \
	"$sclog" explain "$p" unlinkat
check "deny" 0 '.*denied socket.*' "$sclog" deny "$p" socket
check "explain: a denied call" 0 '.*socket .*not allowed; decided: deny by .*' \
	"$sclog" explain "$p" socket
check "drop" 0 '.*dropped ioctl.*' "$sclog" drop "$p" ioctl
check "explain: a dropped call" 1 'ioctl +is not in the policy' \
	"$sclog" explain "$p" ioctl
check "allow: another convention" 0 '.*allowed x86:read
sclog: x86: this convention is allowed.*' "$sclog" allow "$p" x86:read
check "allow: a warning" 0 '.*io_uring_setup: what a program asks of the ring.*' \
	"$sclog" allow "$p" io_uring_setup
check "allow: a number" 0 '.*allowed -100.*' "$sclog" allow "$p" -100
check "diff: what all that changed" 1 '\+ architecture x86
\+ io_uring_setup
- ioctl
\+ mkdir
- socket
\+ unlinkat: ALLOW flags=0
\+ x86:read
\+ x86_64:-100' "$sclog" diff "$work/curl.json" "$p"

unchanged "allow: an unknown name" 2 "sclog: allow: 'nosuch': unknown system call" \
	"$sclog" allow "$p" read nosuch
unchanged "allow: no CALL" 2 '.*which CALL.*' "$sclog" allow "$p"
unchanged "allow: a bad argument" 2 ".*'prctl\(x=1\)': 'x' cannot be narrowed, only: option" \
	"$sclog" allow "$p" mkdir 'prctl(x=1)'
unchanged "allow: less than any" 1 '.*drop it first.*' \
	"$sclog" allow "$p" mkdir 'prctl(option=15)'
unchanged "deny: arguments that have no rule" 1 '.*allowed with any argument.*' \
	"$sclog" deny "$p" 'prctl(option=15)'
unchanged "drop: what is not there" 1 '.*is not in the policy' \
	"$sclog" drop "$p" read mkdir
check "allow: a policy that is not there" 1 \
	'sclog: .*/none.json: No such file or directory' \
	"$sclog" allow "$work/none.json" read
[ ! -e "$work/none.json" ]
report "and none is made" $?

# review
fresh
printf '# by hand\nonly socket\n\nallow ioctl\n  deny  prctl\nonly mprotect\n' \
	>"$work/answers"
check "review: answers of a file" 0 \
	'sclog: .*p.json: 2 narrowed, 1 allowed, 1 denied; the file before: .*p.json~' \
	"$sclog" review --answers="$work/answers" --record="$work/record" "$p"
cmp -s "$p~" "$work/curl.json"
report "review: the file before is kept" $?
[ "$(cat "$work/record")" = "$(grep -v '^$\|#' "$work/answers" | sed 's/^ *//; s/  / /')" ]
report "review: the answers are recorded" $? "$(cat "$work/record")"
golden "review: what it makes" 1 review.diff "$sclog" diff curl.json p.json
cp "$p" "$work/by-file.json"
fresh
printf 'w\no\no\nx\nd\na\n' | "$sclog" review "$p" >"$work/dialogue" 2>&1
grep -q '1/4  ioctl  3 times, 1 run, by curl' "$work/dialogue"
report "review: asks" $? "$(cat "$work/dialogue")"
grep -q 'prctl  1 time, 1 run, by a\\x0ab ' "$work/dialogue"
report "review: names are escaped" $? "$(cat "$work/dialogue")"
fresh
printf 'a\no\nd\no\n' | "$sclog" review "$p" >"$work/dialogue" 2>&1
cmp -s "$p" "$work/by-file.json"
report "review: the dialogue gives the same file" $? \
	"$(diff "$p" "$work/by-file.json"; cat "$work/dialogue")"
unchanged "review: end of input at once" 0 '.*nothing changed' \
	"$sclog" review "$p"
printf 'only socket\nmaybe read\n' >"$work/answers"
unchanged "review: a wrong answer" 1 \
	"sclog: .*answers:2: 'maybe': must be allow, only, deny or log" \
	"$sclog" review --answers="$work/answers" "$p"
printf 'only read\n' >"$work/answers"
unchanged "review: what cannot be narrowed" 1 \
	"sclog: .*answers:1: 'read': it has no argument that can be narrowed" \
	"$sclog" review --answers="$work/answers" "$p"
printf 'allow mkdir\n' >"$work/answers"
unchanged "review: a call that is not there" 1 '.*is not in the policy' \
	"$sclog" review --answers="$work/answers" "$p"
fresh
cp "$p" "$work/new.json"
"$sclog" -q allow "$work/new.json" mkdir 'unlinkat(flags=0)'
printf 'a\ns\n' | "$sclog" review "$p" "$work/new.json" >"$work/dialogue" 2>&1
check "review NEW: takes over what is answered" 1 '\+ unlinkat: ALLOW flags=0' \
	"$sclog" diff "$p" "$work/new.json"

# diff and merge
check "diff: the same" 0 '' "$sclog" diff "$work/curl.json" "$work/curl.json"
sed 's/"errnoRet": 38, "names": \["clone3"/&, "mkdir", "umask"/; s/"defaultErrnoRet": 38/"defaultErrnoRet": 1/' \
	"$work/curl.json" >"$work/other.json"
check "diff: what the default says, and what a rule says" 1 \
	'~ what is not in the policy: ERRNO 38 -> ERRNO 1' \
	"$sclog" diff "$work/curl.json" "$work/other.json"
check "diff: one policy" 2 '.*two policies are needed.*' \
	"$sclog" diff "$work/curl.json"
check "diff: not there" 1 '.*none.json: No such.*' \
	"$sclog" diff "$work/curl.json" "$work/none.json"
fresh
"$sclog" -q deny "$p" read
"$sclog" -q allow "$p" mkdir
check "diff --json" 1 '\{"change": "\+", "what": "mkdir", "a": "", "b": ""\}
\{"change": "-", "what": "read", "a": "", "b": ""\}' \
	"$sclog" diff --json "$work/curl.json" "$p"
check "merge" 0 '.*read: denied in one policy, allowed in another: allowed
sclog: .*m.json: 8 calls of 2 policies' \
	"$sclog" merge -o "$work/m.json" "$p" "$work/curl.json"
check "merge: what it allows" 1 '\+ mkdir' \
	"$sclog" diff "$work/curl.json" "$work/m.json"
check "merge: runs of both" 0 '.*in 4 runs.*' "$sclog" stat "$work/m.json"
(cd "$work" && "$sclog" merge --json -o m2.json p.json curl.json other.json) >"$work/out" 2>"$work/err" &&
	/usr/bin/python3 - "$work/out" >"$work/objects" 2>&1 <<'END'
import json, sys
objects = [json.loads(line) for line in open(sys.argv[1])]
summary = objects.pop()["summary"]
by_name = {call["call"]: call for call in objects}
assert by_name["mkdir"]["from"] == ["p.json", "other.json"], by_name["mkdir"]
assert by_name["umask"]["from"] == ["other.json"] and not by_name["umask"]["allowed"]
assert by_name["read"]["from"] == ["p.json", "curl.json", "other.json"]
assert by_name["read"]["allowed"] and by_name["read"]["nr"] == 0
assert len(objects) == summary["calls"] and summary["policy"] == "m2.json"
files = summary["files"]
assert [(file["file"], file["calls"], file["new"], file["runs"]) for file in files] == [
    ("p.json", 8, 8, 2), ("curl.json", 7, 0, 2), ("other.json", 9, 1, 2)], files
assert len(summary["warnings"]) == 3 and any("another action" in text
    for text in summary["warnings"]), summary["warnings"]
END
status=$?
[ $status = 0 ] && [ ! -s "$work/err" ]
report "merge --json: what comes from where" $? "$(cat "$work/out" "$work/err" "$work/objects")"
check "merge --json: warnings are said if there is no summary" 1 \
	$'sclog: .*none.json: No such file or directory\nsclog: .*other.json: has another action.*' \
	"$sclog" merge --json -o "$work/m2.json" "$p" "$work/other.json" "$work/none.json"
for words in 'learn -o - -- true' 'read -o - /dev/null' "merge -o - $p $p"; do
	check "${words%% *}: no policy to standard output" 1 \
		'sclog: -: a policy that is written is a file, .*' sh -c "cd '$work' && '$sclog' $words"
done
[ ! -e "$work/-" ]
report "  and no file of that name" $?
check "merge: without -o" 2 '.*-o OUT is needed.*' "$sclog" merge "$p" "$p"

# explain
golden "explain: a policy" 0 explain-policy "$sclog" explain curl.json
golden "explain: calls of a policy" 0 explain-calls \
	"$sclog" explain curl.json socket exit_group clone3
golden "explain: calls" 0 explain-call "$sclog" explain socket x86:mmap2 chmod
golden "explain: a record" 0 explain-record "$sclog" explain \
	'type=SECCOMP msg=audit(1700000000.001:1): auid=1000 uid=1000 gid=1000 ses=2 pid=7 comm="x" exe="/usr/bin/x" sig=31 arch=c000003e syscall=41 compat=0 ip=0x7f0000001000 code=0x80000000'
golden "explain: a cut record" 1 explain-cut "$sclog" explain \
	'type=SECCOMP msg=audit(1700000000.001:1): auid=1000 uid=1000 gid=1000 ses=2 pid=7 comm="x" exe="/usr/bin/x" sig=31 arch=c000003e sysc'
check "explain: no such file" 1 'sclog: nosuch: No such file or directory' \
	"$sclog" explain nosuch
check "explain: nothing" 2 '.*what\?.*' "$sclog" explain

(cd "$work" && "$sclog" explain --json curl.json && "$sclog" explain --json curl.json socket &&
	"$sclog" explain --json socket && "$sclog" explain --json "$(cat <<'END'
type=SECCOMP msg=audit(1700000000.001:1): auid=1000 uid=1000 gid=1000 ses=2 pid=7 comm="x" exe="/usr/bin/x" sig=31 arch=c000003e syscall=41 compat=0 ip=0x7f0000001000 code=0x80000000
END
	)") >"$work/objects"
python3 - "$work/objects" >"$work/out" 2>&1 <<'END'
import json, sys
entries = [json.loads(line) for line in open(sys.argv[1])]
assert [e["call"] for e in entries] == ["clone3", "exit_group", "ioctl", "mprotect", "prctl", "read",
                                        "socket", "socket", "socket", "socket"], entries
clone3, group, prctl, read = (entries[i] for i in (0, 1, 4, 5))
assert (clone3["allowed"], clone3["enosys"], clone3["companion"]) == (False, True, "clone3")
assert (group["allowed"], group["count"], group["companion"]) == (True, 0, "end")
assert prctl["by"] == {"a\nb": 1} and read["by"] == {"curl": 1200, "sh": 5} and read["runs"] == [1, 2]
assert entries[8]["args"] == {"0": "domain", "1": "type", "2": "protocol"}
assert entries[9]["action"] == "kill_process" and entries[9]["pid"] == 7
END
report "explain --json: policy, call, record" $? "$(cat "$work/out" "$work/objects")"
check "explain --json: a call that is not there" 1 "sclog: explain: 'mkdir': is not in the policy" \
	"$sclog" explain --json "$work/curl.json" mkdir

# stat
golden "stat" 0 stat env COLUMNS=80 "$sclog" stat curl.json
golden "stat --json" 0 stat-json "$sclog" stat --json curl.json
golden "stat --html" 0 stat.html "$sclog" stat --html=- curl.json
check "stat: two forms" 2 '.*two forms of output.*' \
	"$sclog" stat --json --html=- "$work/curl.json"
check "review: --json has no answers" 2 '.*there are no answers.*' \
	"$sclog" review --json --record="$work/record" "$work/curl.json"
check "review: --answers has no questions" 2 '.*--all is for questions.*' \
	"$sclog" review --all --answers=- "$work/curl.json"
check "stat: no such file" 1 '.*No such file.*' "$sclog" stat "$work/none.json"

# a name as learn writes it, which JSON escapes once more
sed 's/a\\nb/A\\\\x1b[2J\\\\\\\\<\\\\>/' "$work/curl.json" >"$work/named.json"
for verb in "explain" "review" "stat" "stat --html=-"; do
	# shellcheck disable=SC2086
	printf 's\ns\nw\nq\n' | "$sclog" $verb "$work/named.json" >"$work/shown" 2>&1
	sed 's/&lt;/</; s/&gt;/>/' "$work/shown" | grep -qF 'A\x1b[2J\\<\\>' &&
		! grep -qF '\\x1b' "$work/shown"
	report "$verb: a name that is escaped is not escaped again" $? "$(cat "$work/shown")"
done

# doctor, on copies of files
machine=$work/machine
mkdir -p "$machine/proc/sys/kernel/seccomp" "$machine/boot" "$machine/proc/self" \
	"$machine/proc/sys/kernel/yama"
echo 6.1.0 >"$machine/proc/sys/kernel/osrelease"
printf 'CONFIG_SECCOMP_FILTER=y\nCONFIG_AUDIT=y\nCONFIG_AUDITSYSCALL=y\n' \
	>"$machine/boot/config-6.1.0"
echo 'kill_process kill_thread trap errno user_notif trace log' |
	tee "$machine/proc/sys/kernel/seccomp/actions_logged" \
	>"$machine/proc/sys/kernel/seccomp/actions_avail"
echo 'root=/dev/sda quiet' >"$machine/proc/cmdline"
echo 0 >"$machine/proc/sys/kernel/printk_ratelimit"
echo 1 >"$machine/proc/sys/kernel/yama/ptrace_scope"
golden "doctor: all is well" 0 doctor-well "$sclog" doctor --root=machine
echo 5 >"$machine/proc/sys/kernel/printk_ratelimit"
echo 10 >"$machine/proc/sys/kernel/printk_ratelimit_burst"
echo 2 >"$machine/proc/sys/kernel/yama/ptrace_scope"
echo 'kill_process kill_thread trap user_notif trace' \
	>"$machine/proc/sys/kernel/seccomp/actions_logged"
printf 'Name:\tx\nSeccomp:\t2\n' >"$machine/proc/self/status"
golden "doctor: several findings" 1 doctor-findings "$sclog" doctor --root=machine
echo 'quiet audit=0' >"$machine/proc/cmdline"
golden "doctor: audit=0 explains all" 1 doctor-audit0 "$sclog" doctor --root=machine
sed -i '/AUDITSYSCALL/d' "$machine/boot/config-6.1.0"
golden "doctor: a kernel without records" 1 doctor-config \
	"$sclog" doctor --json --root=machine
check "doctor: an empty name" 2 $'sclog: doctor: --root: no folder is named\n.*' \
	"$sclog" doctor --root=
cp "$work/curl.json" "$work/itself.json"
check "stat --html of itself" 2 $'sclog: stat: --html: [^\n]* is the policy itself\n.*' \
	"$sclog" stat --html="$work/itself.json" "$work/itself.json"
ln -s itself.json "$work/link.json"
check "review --record of itself" 2 $'sclog: review: --record: [^\n]* is the policy itself\n.*' \
	"$sclog" review --record="$work/link.json" --answers=/dev/null "$work/itself.json"
cmp "$work/curl.json" "$work/itself.json"
report "  it is not changed" $?
check "doctor: no folder" 1 'sclog: [^ ]*/curl.json: Not a directory' \
	"$sclog" doctor --root="$work/curl.json"
check "doctor: no such folder" 1 '.*none: No such.*' \
	"$sclog" doctor --root="$work/none"

"$sclog" learn -q --source=trace -o "$work/twice.json" -- true
check "drop: a call twice" 0 $'.*dropped mmap\n.*dropped mmap' "$sclog" drop "$work/twice.json" mmap mmap
check "  and once more" 1 '.*is not in the policy' "$sclog" drop "$work/twice.json" mmap
mkdir "$work/nothing"
check "doctor: nothing was copied" 0 '.*were copied.*' "$sclog" doctor --root="$work/nothing"
done_testing
