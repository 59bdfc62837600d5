# SPDX-License-Identifier: GPL-2.0
# OCI containers with the profile of containers-common, which is Docker's; to be
# sourced after lib.sh.

bundle=$work/bundle
mkdir -p $bundle/rootfs/bin
cp /bin/busybox $bundle/rootfs/bin/
cp /usr/share/containers/seccomp.json $bundle/docker.json

# oci_spec RUNTIME COMMAND: config.json; an OCI profile is a Docker one for one
# architecture and set of capabilities
oci_spec() {
	(cd $bundle && rm -f config.json && "$1" spec) &&
	jq --slurpfile docker $bundle/docker.json --arg cmd "$2" '
		def applies: ((.includes.arches // ["amd64"]) | index("amd64")) and
			((.includes.caps // []) | length == 0) and
			((.excludes.arches // []) | index("amd64") | not);
		.process.terminal = false |
		.process.args = ["/bin/busybox", "sh", "-c", $cmd] |
		.linux.seccomp = {
			defaultAction: $docker[0].defaultAction,
			defaultErrnoRet: ($docker[0].defaultErrnoRet // 1),
			architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
			syscalls: [$docker[0].syscalls[] | select(applies) |
				{names, action} + (if .errnoRet then {errnoRet} else {} end) +
				(if (.args // []) | length > 0 then {args} else {} end)]
		}' $bundle/config.json >$bundle/config.new &&
	mv $bundle/config.new $bundle/config.json
}

# run_container RUNTIME: what config.json says; its exit status is the container's
run_container() {
	local name="peer-$RANDOM"

	case $1 in
	crun)	crun --cgroup-manager=disabled run --bundle $bundle "$name" ;;
	runc)	runc run --bundle $bundle "$name" ;;
	esac
}

# container RUNTIME COMMAND
container() {
	oci_spec "$@" && run_container "$1"
}

denied_in_container() { ! container "$1" 'busybox unshare -m true'; }
allowed_in_container() {
	container "$1" 'busybox mkdir /dev/shm/x && busybox uname -a && busybox ls / >/dev/null'
}

# container_checks RUNTIME
container_checks() {
	logged_check "$1 with Docker's profile runs a shell" container "$1" \
		'[ "$(grep ^Seccomp: /proc/self/status | tr -d "\t ")" = Seccomp:2 ] && echo hello >/dev/null'
	logged_check "  and denies what the profile denies" denied_in_container "$1"
	logged_check "  and allows what it allows" allowed_in_container "$1"
}
