#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# libFuzzer with ASan and UBSan for each reader, or for those that are named. TAP.
#
#	FUZZ_SECONDS=120 test/slow/fuzz.sh [record|journal|oci|docker|...]...
#
# Not part of test/run: `make fuzz` (needs clang-14, libclang-rt-14-dev). What
# it finds is in the folder FUZZ_DIR, by default a new one below /tmp.
set -eu
cd "$(dirname "$0")/.."
: "${FUZZ_SECONDS:=120}" "${FUZZ_DIR:=$(mktemp -d /tmp/sclog-fuzz.XXXXXX)}"
[ $# != 0 ] || set -- record journal oci docker spo systemd minijail firejail list
# its systemd-analyze answers at once
PATH=$PWD/golden/bin:$PATH

mkdir -p "$FUZZ_DIR"
nice clang-14 -std=gnu11 -D_GNU_SOURCE -g -O1 -w -fno-sanitize-recover=all \
	-Dmain=sclog_main -fsanitize=fuzzer,address,undefined -I.. -o "$FUZZ_DIR/fuzz" \
	slow/fuzz.c $(ls ../*.c) \
	-lseccomp -ljson-c -lz

corpus() {
	mkdir -p "$FUZZ_DIR/corpus-$1"
	case $1 in
	record)	cp ./*.log "$FUZZ_DIR/corpus-$1"
		sed -n 's/^type=SECCOMP msg=/[1.0] audit: type=1326 /p' ./*.log >"$FUZZ_DIR/corpus-$1/dmesg"
		sed -n 's/^type=SECCOMP msg=[^ ]* /Mar 03 10:00:01 box audit[7]: SECCOMP /p' \
			./*.log >"$FUZZ_DIR/corpus-$1/journal";;
	journal) printf '{"_TRANSPORT":"audit","_AUDIT_TYPE":"1326","_AUDIT_ID":"3","_SOURCE_REALTIME_TIMESTAMP":"1700000000000000","MESSAGE":"SECCOMP %s"}' \
			"$(sed -n '1s/^[^:]*: [^ ]* //p' raw.log | sed 's/"/\\"/g')" >"$FUZZ_DIR/corpus-$1/one";;
	*)	[ ! -e "golden/$1" ] || sed '/^--- status/,$d' "golden/$1" >"$FUZZ_DIR/corpus-$1/golden"
		cp golden/policy.json "$FUZZ_DIR/corpus-$1";;
	esac
}
number=0
for reader; do
	number=$((number + 1))
	corpus "$reader"
	echo "# $reader: $FUZZ_SECONDS s"
	FUZZ=$reader ASAN_OPTIONS=detect_leaks=1 nice "$FUZZ_DIR/fuzz" \
		-max_total_time="$FUZZ_SECONDS" -timeout=20 -max_len=20000 \
		-close_fd_mask=3 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix="$FUZZ_DIR/$reader-" "$FUZZ_DIR/corpus-$reader" \
		>"$FUZZ_DIR/$reader.out" 2>&1 || {
			grep -v '^sclog: ' "$FUZZ_DIR/$reader.out" | tail -60
			echo "not ok $number $reader: see $FUZZ_DIR"
			exit 1
		}
	sed -n 's/^stat::number_of_executed_units/# &/p' "$FUZZ_DIR/$reader.out"
	echo "ok $number $reader"
done
echo "1..$number"
