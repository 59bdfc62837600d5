#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make the kernel's headers for user space in the folder $1: those that the files of
# kernel/seccomp/ include. If user space has a header of that name it comes first, then
# shim.h; seccomp's own headers are taken as they are.
set -euo pipefail
out=$1
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)

rm -rf "$out"
grep -hoE '^#include <[a-z0-9/_-]+\.h>' "$top"/kernel/seccomp/*.[ch] \
	"$top"/include/linux/seccomp*.h "$top"/include/uapi/linux/seccomp.h |
	sed 's/.*<//; s/>//' | sort -u | while read -r name; do
	mkdir -p "$out/${name%/*}"
	case $name in
	*linux/seccomp*)
		echo "#include \"$top/include/$name\"" ;;
	linux/ptrace.h|linux/signal.h)
		# what user space has differs from libc's
		echo "#include \"$here/shim.h\"" ;;
	*)
		cat <<-EOF
			#if __has_include_next(<${name#uapi/}>)
			# include_next <${name#uapi/}>
			#endif
			#include "$here/shim.h"
		EOF
	esac >"$out/$name"
done

# record.c includes ../audit.h.
mkdir -p "$out/kernel/seccomp"
echo "#include \"$here/shim.h\"" >"$out/kernel/audit.h"
