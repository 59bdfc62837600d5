#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# convert: what is written is as in golden/, and reading it back loses exactly
# what was announced. UPDATE=1 writes golden/ anew.
. "$(dirname "$0")/lib.sh"
export LC_ALL=C.UTF-8
PATH=$PWD/golden/bin:$PATH
policy=golden/policy.json

# golden NAME FORMAT [OPTION...]: standard output and standard error
golden() {
	local name=$1 format=$2
	shift 2
	{ "$sclog" convert --to "$format" "$@" "$policy" 2>"$work/err"
	  echo "--- status $?"; cat "$work/err"; } >"$work/$name"
	[ -z "${UPDATE-}" ] || cp "$work/$name" "golden/$name"
	report "$name: as it was" \
		"$(diff -u "golden/$name" "$work/$name" >"$work/diff"; echo $?)" \
		"$(cat "$work/diff")"
}

for format in oci spo systemd libseccomp minijail firejail list; do
	golden "$format" "$format"
done
golden systemd-groups systemd --groups
golden oci-runc oci --for runc
golden firejail-firejail firejail --for firejail

# back NAME FORMAT LOSS [OPTION...]: what differs after writing and reading
back() {
	local name=$1 format=$2 loss=$3 status=0 output title='nothing is lost'
	shift 3
	"$sclog" convert --to "$format" "$@" "$policy" >"$work/out" 2>/dev/null &&
		"$sclog" convert --from "$format" --to oci "$work/out" \
			>"$work/back.json" 2>/dev/null || status=$?
	output=$("$sclog" diff "$policy" "$work/back.json" 2>&1)
	[ -z "$loss" ] || title='the loss that was announced'
	[ $status = 0 ] && [[ $output =~ ^$loss$ ]]
	report "$name and back: $title" $? "$output"
}

names_only=$'~ clone: [^\n]*\n~ ioctl: [^\n]*\n~ lseek: [^\n]*\n~ mkdir: [^\n]*\n~ mmap: [^\n]*\n~ mprotect: [^\n]*\n~ personality: [^\n]*\n~ socket: [^\n]*\n~ uname: [^\n]*'
back oci oci ''
back list list "$names_only"
back firejail firejail "$names_only"
back systemd systemd $'~ clone: [^\n]*\n~ ioctl: [^\n]*\n~ lseek: [^\n]*\n~ mkdir: [^\n]*\n~ mmap: [^\n]*\n~ mprotect: [^\n]*\n~ personality: [^\n]*\n~ socket: [^\n]*\n\\+ time\n~ uname: [^\n]*'
back minijail minijail $'~ what is not in the policy: [^\n]*\n~ uname: [^\n]*'
back spo spo '~ what is not in the policy: ERRNO 38 -> ERRNO 1'

# --- architectures and names
cat >"$work/arches.json" <<'END'
{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
 "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
 "syscalls": [
  {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
  {"names": ["getpid"], "action": "SCMP_ACT_ALLOW",
   "x-sclog-architectures": ["SCMP_ARCH_X86"]}],
 "x-sclog": {"version": 1, "unnamed": {
  "x86:-101": {"rules": [{"action": "SCMP_ACT_ALLOW"}]},
  "x86_64:100000": {"rules": [{"action": "SCMP_ACT_ALLOW"}]}}}}
END
check "a list has all conventions and numbers" 0 \
	$'read\nx32:read\nx86:-101\nx86:getpid\nx86:read\nx86_64:100000' \
	"$sclog" convert --to list "$work/arches.json"
"$sclog" convert --to list "$work/arches.json" >"$work/list"
check "and back" 0 '' sh -c "'$sclog' convert --from list --to oci --drop-unknown '$work/list' >'$work/a.json' 2>/dev/null;
	'$sclog' diff '$work/arches.json' '$work/a.json'"
for format in oci spo systemd libseccomp; do
	check "$format: what has no name is an error" 1 \
		$'(sclog: [^\n]*\n)*sclog: [^\n]*x86:-101 has no name[^\n]*(\nsclog: [^\n]*)*' \
		"$sclog" convert --to $format "$work/arches.json"
	check "$format: or left out" 0 '.*has no name.*x86:-101.*' \
		"$sclog" convert --to $format --drop-unknown "$work/arches.json"
done
check "minijail: is of one machine" 0 '.*calls of x86 are left out.*' \
	"$sclog" convert --to minijail --drop-unknown "$work/arches.json"
check "firejail: i386 is a list of its own, a number has a sign" 0 \
	$'.*seccomp.keep read,\\$100000\nseccomp.32.keep getpid,read' \
	"$sclog" convert --to firejail --drop-unknown "$work/arches.json"
check "bpf holds all" 0 '[1-9][0-9]*' sh -c "'$sclog' convert --to bpf '$work/arches.json' | wc -c"
printf '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW"}]}' >"$work/oci.json"
"$sclog" convert -q --to oci --drop-unknown "$work/oci.json" 2>/dev/null >"$work/known.json"
grep -q '"read"' "$work/known.json" && ! grep -q no_such_call "$work/known.json"
report "oci: --drop-unknown leaves it out" $? "$(cat "$work/known.json")"
printf '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["write"], "action": "SCMP_ACT_TRAP"}]}' >"$work/none.json"
check "firejail: no call is no filter" 1 \
	$'(sclog: [^\n]*\n)*sclog: [^\n]*allows no call of [^\n]*, and firejail makes no filter of that' \
	"$sclog" convert --to firejail "$work/none.json"
cat >"$work/lines.json" <<'END'
{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}],
 "x-sclog": {"version": 1, "runs": [{"id": 1, "kernel": "6\n[Service]\nExecStart=x\n#", "libc": "g\n[Service]\nExecStart=y\n#"}]}}
END
[ "$("$sclog" convert -q --to systemd "$work/lines.json" 2>/dev/null | grep -c '^ExecStart\|^\[Service\]')" = 1 ]
report "systemd: the text of a policy adds no lines" $?
sed 's/"read"/"read", "no_such_call"/' "$policy" >"$work/unknown.json"
check "an unknown name is an error" 1 ".*'no_such_call' is unknown; --drop-unknown leaves it out" \
	"$sclog" convert --to systemd "$work/unknown.json"
check "or left out" 0 '.*left out, as it is unknown: no_such_call.*' \
	"$sclog" convert --to systemd --drop-unknown "$work/unknown.json"

# --- docker's profiles
cat >"$work/docker.json" <<'END'
{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS",
 "archMap": [
  {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
  {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
 "syscalls": [
  {"names": ["read"], "action": "SCMP_ACT_ALLOW", "comment": "", "includes": {}, "excludes": {}},
  {"name": "write", "action": "SCMP_ACT_ALLOW", "args": null},
  {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
  {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "99.1"}},
  {"names": ["arm_fadvise64_64"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm", "arm64"]}},
  {"names": ["arch_prctl"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64", "x32"]}},
  {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
  {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_CHROOT"]}},
  {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
   "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390", "s390x"]}},
  {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS", "excludes": {"caps": ["CAP_KILL"]}}]}
END
if [ "$(uname -m)" = x86_64 ]; then
	check "docker: what counts here" 0 \
		$'.*arch_prctl\nchroot\nclone\nptrace\nread\nwrite\nx86:arch_prctl\nx86:chroot\nx86:clone\nx86:ptrace\nx86:read\nx86:write' \
		sh -c "'$sclog' -q convert --from docker --to list '$work/docker.json' 2>/dev/null"
fi
check "docker's is not taken for plain OCI" 1 'sclog: [^ ]*docker.json:[0-9]+: .*' \
	"$sclog" convert --to list "$work/docker.json"

# --- wrong input of each reader: a line, and nothing is written
wrong() {
	local format=$1 text=$2 why=$3
	printf '%b' "$text" >"$work/wrong"
	check "$format: $why" 1 "(sclog: [^"$'\n'"]*"$'\n'")*sclog: [^ ]*wrong[^ ]* .*$why.*" \
		"$sclog" convert --from "$format" --to list "$work/wrong"
}
wrong list 'read\nno_such_call\n' 'unknown system call'
wrong list 'read 1\n' 'a number among other words'
wrong list '  3  read  log  x\n' 'a number among other words'
wrong list 'read no_such_call\n' 'unknown system call'
wrong list 'read\0\n' 'it has a NUL'
wrong minijail 'read\n' "no ':'"
wrong minijail 'nosuch: 1\n' 'unknown system call'
wrong minijail 'read: arg9 == 1\n' 'not a comparison'
wrong minijail 'read: arg1 ~ 1\n' 'unknown operator'
wrong minijail 'read: arg1 == O_RDONLY\n' 'not a number'
wrong minijail 'read: arg1 & 3\n' 'single bit'
wrong minijail 'read: arg1 == 1 && arg1 == 2\n' 'two comparisons'
wrong minijail 'read: 1; return\n' "not 'return'"
wrong minijail '@frequency x\n' 'only @include'
wrong minijail 'read: return EWHAT\n' "not 'return' and an error"
wrong firejail 'quiet\n' 'no line with seccomp.keep'
wrong firejail 'seccomp.drop read\n' 'only seccomp.keep'
wrong firejail 'seccomp.keep read,@clock\n' 'sets are not read'
wrong firejail 'seccomp.keep read,what\n' 'unknown system call'
wrong firejail 'seccomp-error-action EWHAT\n' 'not an error'
printf '[Service]\n# a comment \\\nSystemCallFilter=read \\\n# of mine\n  openat\\\n mkdir\nSystemCallErrorNumber=EPERM\n' >"$work/joined.conf"
"$sclog" convert -q --from systemd --to oci "$work/joined.conf" >"$work/joined.json" &&
	grep -q '"mkdir"' "$work/joined.json" && grep -q '"openat"' "$work/joined.json"
report "systemd: lines that a backslash joins" $? "$(cat "$work/joined.json")"
wrong systemd '[Service]\nSystemCallFilter=read \\\n  openat\nnonsense\n' "'nonsense': not a setting"
wrong systemd '[Service]\n' 'no list of what is allowed'
wrong systemd '[Service]\nSystemCallFilter=~read\n' 'what is refused'
wrong systemd '[Service]\nSystemCallFilter=read:EPERM\n' 'an error of its own'
wrong systemd '[Service]\nSystemCallFilter=@nosuch\n' 'no set'
wrong systemd '[Service]\nSystemCallFilter=nosuch\n' 'unknown system call'
check "  with its line" 1 "sclog: [^ ]*/wrong:2: 'nosuch': .*" \
	"$sclog" convert --from systemd --to list "$work/wrong"
wrong systemd 'read\n' 'not a setting'
wrong spo 'spec: [\n' 'goes over lines'
wrong spo 'kind: x\n' "no 'spec'"
wrong spo 'spec:\n  defaultAction: &a x\n' 'not of the part of YAML'
wrong spo 'spec:\n  a: 1\n   b: 2\n' 'indented otherwise'
wrong spo 'spec:\n  a: 1\n  a: 2\n' 'there twice'
wrong spo 'spec:\n  baseProfileName: x\n' 'what another profile has'
cat >"$work/void.yaml" <<'END'
spec:
  defaultAction: "SCMP_ACT_LOG"
  syscalls:
  - action: "SCMP_ACT_ALLOW"
    names:
    - "read"
  - action: "SCMP_ACT_LOG"
    names:
    - "read"
END
check "spo: a rule that changes nothing is said" 0 \
	$'sclog: [^\n]*void.yaml: spec: read: .*' "$sclog" convert --from spo --to list "$work/void.yaml"
wrong docker '[]' 'not an object'
wrong oci '{' ''

printf 'read: 1\n' >"$work/more.policy"
printf '@include more.policy\nwrite: arg0 in 0x3 || arg0 == 7\n' >"$work/one.policy"
check "minijail: an included file" 0 $'.*read\nwrite' \
	"$sclog" convert --from minijail --to list "$work/one.policy"
printf '@include one.policy\n' >"$work/two.policy"
check "minijail: only one level" 1 '.*an included file cannot include' \
	"$sclog" convert --from minijail --to list "$work/two.policy"
printf '[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@process\n' >"$work/sets.conf"
check "systemd: sets in sets, and what is taken out" 0 \
	$'(sclog: [^\n]*\n)*execve\nexit_group\nioctl\nmkdir\nopenat\nread\nsocket\ntime' \
	"$sclog" convert --from systemd --to list "$work/sets.conf"

# --- the command line
check "no format" 2 'sclog: convert: no --to.*' "$sclog" convert "$policy"
check "an unknown format" 2 "sclog: convert: --to: unknown format 'x'.*" "$sclog" convert --to x "$policy"
check "a format that is only written" 2 "sclog: convert: --from: 'bpf' is only written.*" \
	"$sclog" convert --from bpf --to list "$policy"
check "a format that is only read" 2 "sclog: convert: --to: 'docker' is only read.*" \
	"$sclog" convert --to docker "$policy"
check "an unknown runner" 2 "sclog: convert: --for: 'x' is not .*" "$sclog" convert --to oci --for x "$policy"
check "a file that is not there" 1 'sclog: no/such: No such file or directory' \
	"$sclog" convert --to list no/such
check "output that cannot be written" 1 $'(sclog: [^\n]*\n)*sclog: standard output: No space left on device' \
	sh -c "'$sclog' convert --to list '$policy' >/dev/full"
done_testing
