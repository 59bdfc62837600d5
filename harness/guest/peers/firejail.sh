# SPDX-License-Identifier: GPL-2.0
# firejail's filters; sourced by deep_test

# jail OPTION... COMMAND
jail() {
	firejail --noprofile --quiet "$@"
}
# ends STATUS OPTION... COMMAND
ends() {
	local status wanted=$1

	shift
	jail "$@"
	status=$?
	echo "status $status"
	[ $status = "$wanted" ]
}
default_filter() {
	[ "$(jail --seccomp sed -n 's/^Seccomp:\t//p' /proc/self/status)" = 2 ] &&
	[ "$(jail sed -n 's/^Seccomp:\t//p' /proc/self/status)" = 0 ]
}
list_filter() {
	jail --seccomp.drop=mkdir,mkdirat mkdir $work/drop 2>&1 | grep 'not permitted' &&
	jail --seccomp.drop=mkdir,mkdirat --seccomp-error-action=ENOSYS mkdir $work/drop 2>&1 |
		grep 'not implemented' &&
	[ ! -e $work/drop ]
}
kill_action() {
	ends 159 --seccomp.drop=mkdir,mkdirat --seccomp-error-action=kill mkdir $work/kill &&
	[ ! -e $work/kill ]
}
log_action() {
	ends 0 --seccomp.drop=mkdir,mkdirat --seccomp-error-action=log mkdir $work/logged &&
	dmesg | grep -E 'type=1326 .* comm="mkdir" .* syscall=83 .* code=0x7ffc0000'
}
keep_filter() {
	local keep=access,arch_prctl,brk,close,execve,exit,exit_group,futex,getegid,geteuid
	keep+=,getgid,getpid,getppid,getrandom,getuid,mkdir,mmap,mprotect,munmap,newfstatat
	keep+=,openat,pread64,prlimit64,read,rseq,rt_sigaction,rt_sigprocmask,rt_sigreturn
	keep+=,set_robust_list,set_tid_address,statfs,vfork,wait4,write

	ends 0 --seccomp.keep=$keep mkdir $work/keep &&
	jail --seccomp.keep=$keep unshare -m true 2>&1 | grep 'not permitted'
}
wx_filter() {
	local map='import mmap; mmap.mmap(-1, 4096, prot=7)'

	jail /usr/bin/python3 -c "$map" && ! jail --memory-deny-write-execute /usr/bin/python3 -c "$map"
}
protocol_filter() {
	local open='import socket, sys; socket.socket(getattr(socket, sys.argv[1]))'

	jail --protocol=unix /usr/bin/python3 -c "$open" AF_UNIX &&
	jail --protocol=unix /usr/bin/python3 -c "$open" AF_INET 2>&1 | grep 'not supported'
}
namespace_filter() {
	jail --restrict-namespaces=user unshare -m true &&
	jail --restrict-namespaces=user unshare -U true 2>&1 | grep 'not permitted'
}
logged_check "firejail --seccomp" default_filter
logged_check "  a list of denied calls, with two errors" list_filter
logged_check "  that kills" kill_action
logged_check "  that logs" log_action
logged_check "  a list of permitted calls" keep_filter
logged_check "  memory that is writable and executable" wx_filter
logged_check "  protocols" protocol_filter
logged_check "  namespaces" namespace_filter
