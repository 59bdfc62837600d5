#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A log of a million records: it is read as a whole, in 64 MiB. What that takes is
# printed. TAP.
. "$(dirname "$0")/../lib.sh"

# Of a stock kernel and of one with arguments; by 500 processes of 40 programs
python3 - >"$work/audit.log" <<'END'
import itertools, sys
calls = [0, 1, 3, 5, 9, 10, 11, 12, 13, 14, 41, 42, 59, 231, 257, 262, 318, 332]
number = itertools.count(1)
for start in range(0, 1_000_000, 1000):
    lines = []
    for i in range(start, start + 1000):
        serial = next(number)
        pid, program, call = 1000 + i % 500, i % 40, calls[i % len(calls)]
        more = f" a0={i % 7:x} a1=80001 a2={i % 3} a3=7ffd00001000 a4=0 a5=0 filter=9f4a retdata=0x0 seq={i // 2 + 1}" \
            if i % 2 else ""
        lines.append(
            f"type=SECCOMP msg=audit({1700000000 + serial // 1000}.{serial % 1000:03d}:{serial}): "
            f"auid=1000 uid=1000 gid=1000 ses=2 pid={pid} comm=\"program{program}\" "
            f"exe=\"/usr/bin/program{program}\" sig=0 arch=c000003e syscall={call} compat=0 "
            f"ip=0x7f{i % 4096:06x}000 code=0x7ffc0000{more}\n")
    sys.stdout.write("".join(lines))
END
gzip -1 <"$work/audit.log" >"$work/audit.log.gz"

# measure FILE OPTION...: sets $seconds of the processor and $kib of memory
measure() {
	local file=$1
	shift
	read -r status seconds kib < <(python3 - "$sclog" read -q "$@" "$file" <<'END'
import os, sys
pid = os.fork()
if not pid:
    os.dup2(os.open(os.environ["OUT"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), f"{usage.ru_utime + usage.ru_stime:.2f}", usage.ru_maxrss)
END
)
}
export OUT=$work/out
for file in audit.log audit.log.gz; do
	for options in --list --json '--denied --list' "-o $work/policy.json"; do
		rm -f "$work/policy.json"
		measure "$work/$file" $options
		[ "$status" = 0 ] && [ "$kib" -le 65536 ]
		report "read ${options%% /*} $file: $seconds s of the processor, $((kib / 1024)) MiB" $? \
			"status $status, $kib KiB"
		case $options in
		--list)	[ "$(wc -l <"$OUT")" = 18 ] ;;
		--json)	grep -q '"taken": 1000000, "repeated": 0, .*"foreign": 0, "lost": 0' "$OUT" ;;
		--denied*) [ ! -s "$OUT" ] ;;
		*)	grep -q '"calls": 1000000,' "$work/policy.json" ;;
		esac
		report "  all of it" $? "$(tail -n 3 "$OUT")"
	done
done
done_testing
