# SPDX-License-Identifier: GPL-2.0
# Compile the files in $tree that use seccomp under small configurations; compiler output
# in $logs. To be sourced after lib.sh.

callers=(kernel/fork.o kernel/exit.o kernel/sys.o
	kernel/ptrace.o kernel/signal.o kernel/sys_ni.o
	fs/proc/array.o fs/proc/base.o init/init_task.o
	$arch_callers)

# Symbols to turn off that no configuration can turn off on this architecture
hidden=()

# small_builds NAME LINE...: succeeds if it compiles without a warning. These lines
# replace those of the small configuration.
small_builds() {
	local name=$1 log=$logs/$1.log wanted=$logs/$1.config line

	shift
	mkdir -p "$logs"
	objects=$tree/config-$name
	cp base/config/small.config "$wanted"
	for line in "$@"; do
		sed -i "/^${line%%=*}=/d" "$wanted"
		echo "$line" >>"$wanted"
	done
	(small_compile "$wanted") >"$log" 2>&1 </dev/null && ! grep -q 'warning: ' "$log"
}

small_errors() {
	grep -E 'warning: |[Ee]rror' "$logs/$1.log" | head -n 20
}

small_compile() {
	local symbol made=("${callers[@]}")

	configure "$1"
	kbuild prepare || return
	for symbol in ${hidden[@]+"${hidden[@]}"}; do
		sed -i "/^$symbol=/d" "$objects/include/config/auto.conf"
		sed -i "/^#define $symbol /d" "$objects/include/generated/autoconf.h"
	done
	if ! grep -q '^CONFIG_SECCOMP=n' "$1"; then
		# a step of the series renames it
		[ ! -e "$tree/kernel/seccomp.c" ] || made+=(kernel/seccomp.o)
		# the base's own seccomp has no folder
		[ ! -d "$tree/kernel/seccomp" ] || made+=(kernel/seccomp/)
	fi
	kbuild -k "${made[@]}"
}
