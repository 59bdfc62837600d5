#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each format in the hands of the program that it is for: a policy learned from
# `busybox echo` lets that run, and refuses `busybox mkdir`. As root, with what
# Debian 12 has as crun, runc, bubblewrap, firejail, systemd, gcc,
# libseccomp-dev, python3-yaml, python3-jsonschema, busybox-static.
#
# Not part of test/run: `make consumers` (it needs these packages).
. "$(dirname "$0")/../lib.sh"

for program in crun runc bwrap firejail systemd-analyze cc python3 busybox unshare; do
	command -v "$program" >/dev/null
	report "$program is there" $?
done
busybox=$(command -v busybox)
"$sclog" -q learn -o "$work/p.json" -- "$busybox" echo hello >"$work/out"
[ "$(cat "$work/out")" = hello ]
report "learned" $?

# convert FORMAT [OPTION...]: to $work/policy
convert() {
	"$sclog" convert --to "$@" "$work/p.json" >"$work/policy" 2>"$work/said"
	report "$*: written" $? "$(cat "$work/said")"
}
# works NAME COMMAND..., refused NAME COMMAND...
works() {
	check "$1: works" 0 $'([^\n]*\n)*hello' "${@:2}"
}
refused() {
	check "$1: is refused" 1 $'([^\n]*\n)*mkdir: can\'t create directory [^\n]*: Function not implemented' "${@:2}"
}

# --- containers: the control groups of this machine are no matter here
mkdir -p "$work"/bundle/rootfs/{bin,dev,proc}
cp "$busybox" "$work/bundle/rootfs/bin"
container() {
	local runner=$1 noprivs=$2
	shift 2
	python3 - "$work" "$noprivs" "$@" <<'END'
import json, sys
work, noprivs, args = sys.argv[1], sys.argv[2] == "true", sys.argv[3:]
json.dump({
    "ociVersion": "1.0.0",
    "process": {"user": {"uid": 0, "gid": 0}, "args": args, "cwd": "/",
                "env": ["PATH=/bin"], "noNewPrivileges": noprivs},
    "root": {"path": "rootfs"},
    "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
    "linux": {"namespaces": [{"type": t} for t in ("pid", "mount", "ipc", "uts")],
              "seccomp": json.load(open(work + "/policy"))}},
    open(work + "/bundle/config.json", "w"))
END
	case $runner in
	crun)	set -- crun --cgroup-manager=disabled;;
	runc)	set -- runc;;
	esac
	# crun wants one kind of control groups
	if [ "$runner" = crun ]; then
		(cd "$work/bundle" && unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup; exec "$@"' \
			- "$@" run "sclog-$$")
	else
		(cd "$work/bundle" && "$@" run "sclog-$$")
	fi
}
for runner in crun runc; do
	convert oci --for $runner
	for noprivs in true false; do
		works "$runner, noNewPrivileges=$noprivs" container $runner $noprivs busybox echo hello
		refused "$runner, noNewPrivileges=$noprivs" container $runner $noprivs busybox mkdir /x
	done
done

# --- bwrap
convert bpf
bubble() {
	bwrap --bind / / --seccomp 3 "$@" 3<"$work/policy"
}
works bwrap bubble "$busybox" echo hello
refused bwrap bubble "$busybox" mkdir "$work/x"

# --- firejail
convert firejail --for firejail
works firejail firejail --quiet --profile="$work/policy" "$busybox" echo hello
refused firejail firejail --quiet --profile="$work/policy" "$busybox" mkdir "$work/x"

# --- C
convert libseccomp
check "C: compiles without a warning" 0 '' \
	cc -Wall -Wextra -Werror -x c "$work/policy" -o "$work/loader" -lseccomp
works "C" "$work/loader" "$busybox" echo hello
refused "C" "$work/loader" "$busybox" mkdir "$work/x"
cat >"$work/arches.json" <<'END'
{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
 "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
 "syscalls": [{"names": ["read", "execve", "exit_group", "brk", "mmap"], "action": "SCMP_ACT_ALLOW"},
  {"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [
   {"index": 0, "value": 4294967295, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]}]}
END
"$sclog" convert --to libseccomp "$work/arches.json" >"$work/two.c"
check "C: of two architectures compiles and loads" 0 '' sh -c "
	cc -Wall -Wextra -Werror '$work/two.c' -o '$work/two' -lseccomp && '$work/two'"

# --- systemd: it exits with 0 also if it does not know a call
cat >"$work/sclog-test.service" <<END
[Service]
ExecStart=$busybox echo hello
END
mkdir "$work/sclog-test.service.d"
for option in "" --groups; do
	convert systemd $option
	cp "$work/policy" "$work/sclog-test.service.d/50-syscalls.conf"
	check "systemd $option: the drop-in is verified without a word" 0 '' \
		systemd-analyze verify "$work/sclog-test.service"
done
sed -i 's/^SystemCallFilter=@system-service/& no_such_call/' "$work/sclog-test.service.d/50-syscalls.conf"
check "systemd: and would not be with a call that is unknown" 0 '.*no_such_call.*' \
	systemd-analyze verify "$work/sclog-test.service"

# --- the operator's schema
cp "$work/p.json" "$work/Some_Policy.json"
for policy in "$work/Some_Policy.json" golden/policy.json; do
	"$sclog" convert --to spo "$policy" >"$work/spo.yaml" 2>/dev/null
	python3 -c 'import json, jsonschema, sys, yaml
jsonschema.validate(yaml.safe_load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
		"$work/spo.yaml" golden/seccompprofile.json >"$work/said" 2>&1
	report "spo: ${policy##*/} is of the operator's schema" $? "$(tail -3 "$work/said")"
	# what the operator makes of it is what runc takes
	python3 -c 'import json, sys, yaml
spec = yaml.safe_load(open(sys.argv[1]))["spec"]
for entry in spec["syscalls"]:
    if "errnoRet" in entry:
        entry["errnoRet"] = int(entry["errnoRet"])
json.dump(spec, open(sys.argv[2], "w"))' "$work/spo.yaml" "$work/spo.json"
	"$sclog" convert --from spo --to oci "$work/spo.yaml" >"$work/ours.json" 2>/dev/null
	check "spo: $(basename "$policy") is read as python3-yaml reads it" 0 '' \
		"$sclog" diff "$work/spo.json" "$work/ours.json"
done
done_testing
