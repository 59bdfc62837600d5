# SPDX-License-Identifier: GPL-2.0
# Entry points; what they do stands in harness/.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# where the user stands, also with make -C
export FOLDER := $(PWD)
export CMD EXERCISE TESTS STOCK DEBUG NO_X32 UPDATE

help:		## this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

kernel:		## build build/x86_64/bzImage, packages included (STOCK=1: with the base's seccomp; DEBUG=1: with KASAN, lockdep, kmemleak, faults)
	@harness/kernel

run: kernel	## the whole workflow in that kernel, on CMD='shell command'; a server is used by EXERCISE='curl ...'
	@harness/run

shell: kernel	## a shell in that kernel: this machine's files, writable in memory
	@SHELL_ONLY=1 harness/run

kselftest: kernel ## the kselftests in that kernel; TESTS='log_test ...': only these (STOCK=1: what holds in the base's, too)
	@harness/kselftest

kunit: kernel	## the KUnit tests
	@harness/kunit

configs:	## compile under configurations that leave parts out
	@harness/configs

peers: kernel	## others' programs in that kernel (STOCK=1: in the base's)
	@harness/peers

programs: kernel ## ten real programs under sclog in that kernel: learned by each source, run under what was learned
	@harness/programs

bench: kernel	## what seccomp costs, in instructions, beside the base's own (UPDATE=1: keep the figures), and what learning costs
	@STOCK=1 harness/kernel && harness/bench && harness/programs --cost
	@SCLOG_BUILD=$(CURDIR)/build/x86_64/sclog tools/seccomp/test/slow/million.sh

flood: kernel	## what a flood leaves in the log, beside the base's own (UPDATE=1: keep the table)
	@STOCK=1 harness/kernel && harness/flood

lint: kernel	## checkpatch, sparse and kernel-doc
	@harness/lint

docs:		## build Documentation/ to build/docs/html and hold it against the code
	@harness/packages && harness/docs

test:		## everything that .ci/run runs
	@harness/packages base/packages base/peers && harness/test

test-deep:	## what takes longer: the tests in a debugging kernel, and in the base's those that hold there, too; the last result is in build/test-deep/result
	@harness/packages base/packages base/peers && harness/test --deep

clean:		## remove build/; the cache stays
	rm -rf build

.PHONY: help kernel run shell kselftest kunit configs peers programs bench flood lint docs test test-deep clean
