#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The rows of args.def against the prototypes of the kernel that this is for:
# an argument that narrows a call is there, is no pointer and no size, and
# counts with as many bits as its type has.
cd "$(dirname "$0")" || exit 1
. ./lib.sh

package=/usr/src/linux-source-6.1.tar.xz
header=include/linux/syscalls.h

# an unpacked tree of the build scripts, else the package itself
for tree in "${XDG_CACHE_HOME:-$HOME/.cache}"/seccomp-log/ours-*; do
	[ -e "$tree/$header" ] && cp "$tree/$header" "$work/syscalls.h" && break
done
[ -s "$work/syscalls.h" ] ||
	tar -xJOf $package "linux-source-6.1/$header" >"$work/syscalls.h"

python3 - ../args.def "$work/syscalls.h" >"$work/out" <<'END'
import re
import sys

# another name of the prototype, or one that only the architecture has
ALIAS = {"mmap": "mmap_pgoff", "mmap2": "mmap_pgoff", "umount2": "umount"}
ELSEWHERE = {
    "arch_prctl": ["int", "unsigned long"],
}
# long, but the kernel looks at the low half only: lower_32_bits(clone_flags),
# arg & SETFL_MASK
LOW_HALF = {("clone", 0), ("clone", 1), ("fcntl", 2), ("fcntl64", 2)}
INTS = {"int", "unsigned int", "unsigned", "u32", "uint32_t", "umode_t",
        "mode_t", "pid_t", "clockid_t", "uid_t", "gid_t"}
LONGS = {"long", "unsigned long", "u64", "loff_t", "off_t"}

text = re.sub(r"/\*.*?\*/", " ", open(sys.argv[2]).read(), flags=re.S)
prototypes = {}
for match in re.finditer(r"asmlinkage\s+long\s+sys_(\w+)\s*\(([^;]*)\)\s*;", text):
    types = []
    for argument in match.group(2).split(","):
        argument = " ".join(argument.replace("__user", " ").split())
        if "*" in argument or "[" in argument:
            types.append("pointer")
            continue
        words = argument.split()
        basic = {"int", "long", "unsigned", "char", "void"}
        if len(words) > 1 and words[-1] not in basic:
            words = words[:-1]
        types.append(" ".join(words))
    prototypes.setdefault(match.group(1), []).append(types)

tests = failed = rows = 0


def ok(good, name):
    global tests, failed
    tests += 1
    failed += not good
    print(("ok" if good else "not ok"), tests, name)


ok(len(prototypes) > 400, f"{len(prototypes)} prototypes are read")
for line in open(sys.argv[1]):
    match = re.match(r"([A-Z]+)(_WIDE|_IF|_MASK|_FD|_OCTAL|_NUMBER)?"
                     r"\((\w+), (\d), (\w+)", line)
    if not match or match.group(1) == "PAIR":
        continue
    kind, more, call, index, name = match.groups()
    index = int(index)
    rows += 1
    found = prototypes.get(ALIAS.get(call, call)) or \
        [ELSEWHERE[call]] if call in ELSEWHERE else \
        prototypes.get(ALIAS.get(call, call), [])
    types = {p[index] if index < len(p) else "absent" for p in found}
    wide = more == "_WIDE"
    good = bool(types)
    for kernel_type in types:
        if kind == "SHOW":
            good &= kernel_type in INTS | LONGS
        elif (call, index) in LOW_HALF:
            good &= not wide and kernel_type in LONGS
        else:
            good &= kernel_type in (LONGS if wide else INTS)
    ok(good, f"{call} {index} {name}: {', '.join(sorted(types)) or 'no such call'}")
ok(rows > 130, f"{rows} rows are read")
print(f"1..{tests}")
sys.exit(failed != 0)
END
status=$?
cat "$work/out"
exit $status
