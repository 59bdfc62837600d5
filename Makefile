# SPDX-License-Identifier: GPL-2.0
# Entry points; the scripts are in harness/.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# BASE=6.12: all of it on that base kernel, in build/6.12/
# ARCH=arm64: kernel, kunit, kselftest and test of that architecture, in build/arm64/

# the user's folder, also with make -C
export FOLDER := $(PWD)
export CMD EXERCISE FAULT TESTS STOCK DEBUG KCSAN COVERAGE NO_X32 UPDATE BASE ARCH STEPS BOOT CONFIG SHORT PACKAGES COUNT SEED
# kbuild does not take an empty one
ifeq ($(ARCH),)
unexport ARCH
endif

help:		## this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

kernel:		## build build/x86_64/bzImage; installs packages that are missing (STOCK=1: with the base's seccomp; DEBUG=1: with KASAN, lockdep, kmemleak, faults; KCSAN=1: with reports of data races)
	@harness/kernel

image: kernel	## the same; the last line is the image's path
	@bash -c '. harness/lib.sh && echo "$$PWD/$$out/$${image##*/}"'

run: kernel	## the whole workflow in that kernel, on CMD='shell command'; for a server, with EXERCISE='curl ...'
	@harness/run

shell: kernel	## a shell in that kernel: this machine's files, writable in memory
	@SHELL_ONLY=1 harness/run

kselftest: kernel ## the kselftests in that kernel; TESTS='log_test ...': only these (STOCK=1: those that also pass on the base's seccomp)
	@harness/kselftest

kunit: kernel	## the KUnit tests
	@harness/kunit

configs:	## compile under configurations that leave parts out
	@harness/configs

peers: kernel	## other projects' programs in that kernel (STOCK=1: in the base's)
	@harness/peers

peers-deep: kernel ## those that take long or are unpacked for it: daemons under their own filters, test suites (STOCK=1: the same)
	@harness/peers deep

peers-table:	## what make peers and make peers-deep found last on both kernels, as a table; fails if something passes on the base's own seccomp alone
	@harness/peers_table

programs: kernel ## ten real programs under sclog in that kernel: learned by each source, run under what was learned
	@harness/programs

bench: kernel	## what seccomp costs, in instructions, compared with the base's own (UPDATE=1: write the figures), and what learning costs
	@STOCK=1 harness/kernel && harness/bench && harness/learning
	@bash -c '. harness/lib.sh && SCLOG_BUILD="$$PWD/$$out/sclog" tools/seccomp/test/slow/million.sh'

coverage:	## which lines and branches of kernel/seccomp the tests run
	@COVERAGE=1 harness/kernel && COVERAGE=1 harness/coverage

mutate:		## single faults in the kernel's files, and which of them no test finds: COUNT=20 of them, from FROM=1 on, in the order of SEED=1
	@harness/mutate $(or $(COUNT),20) $(or $(SEED),1) $(or $(FROM),1)

flood: kernel	## which records of a flood are in the log, compared with the base's own (UPDATE=1: write the table)
	@STOCK=1 harness/kernel && harness/flood

limits: kernel	## what seccomp costs at its limits, compared with the base's own: long chains, thousands of tasks, listeners, programs and records (UPDATE=1: write the table)
	@STOCK=1 harness/kernel && harness/limits

fuzz: kernel	## fuzzers of the analysis, of texts and records, SECONDS=120 each; then random system calls on this kernel and the base's own, SEED=1
	@harness/packages base/fuzz && OUTPUT=$(CURDIR)/build/fuzz tools/testing/seccomp-fuzz/run $(or $(SECONDS),120)
	@STOCK=1 harness/kernel && harness/fuzz $(or $(SEED),1)

load: kernel	## everything of seccomp at once, on 4 processors, SECONDS=60 SEED= (DEBUG=1: in the debugging kernel; FAULT=record: with a mistake, to see it found)
	@harness/load $(or $(SECONDS),60) $(or $(SEED),0)

lint: kernel	## checkpatch, sparse and kernel-doc
	@harness/lint

static:		## shellcheck, pyflakes, cppcheck, all warnings of gcc and clang, Coccinelle
	@harness/packages base/packages base/static base/static-deep base/*/package && harness/static deep

map: kernel	## which files of kernel/seccomp use which others
	@harness/map "$$(cat build/x86_64/objects)/kernel"

docs:		## build Documentation/ to build/docs/html and check all documents against code and tree
	@harness/packages && harness/docs

deb-small:	## Debian packages in build/deb/, of a kernel for virtual machines, of sclog and of the selftests
	@harness/deb small

deb:		## the same with the distribution's configuration, or CONFIG=FILE; takes hours
	@harness/deb full

distro:		## a Debian 12 with these packages, booted and tried (SHORT=1: only booted, and one unit; PACKAGES=DIR: those there)
	@harness/distro

series:		## the patches for git am, in build/series/6.1/ (BASE=6.12: in build/series/6.12/)
	@harness/series

series-check:	## git am, and build each step (STEPS=some: the first, the middle and the last one; STEPS=6,40-75: these; BOOT=1: boot them, too)
	@harness/packages && harness/series_check

apply:		## add all of it to the kernel tree KERNEL=DIR, 6.1.y or 6.12.y
	@cd "$(FOLDER)" && "$(CURDIR)/harness/apply" "$(KERNEL)"

unapply:	## remove it from the tree KERNEL=DIR again
	@cd "$(FOLDER)" && "$(CURDIR)/harness/apply" --off "$(KERNEL)"

test:		## everything that .ci/run runs (ARCH=arm64: the tests of the kernel, on that architecture)
	@harness/packages base/packages base/peers base/static base/fuzz base/*/package && harness/test

test-deep:	## what takes hours; STAGES='kcsan kcsan-kselftest': only these; what each found last is in build/deep/report.md (UPDATE=1: write the table in Documentation/)
	@harness/packages base/packages base/peers base/static base/static-deep base/fuzz base/*/package && harness/test --deep $(STAGES)

clean:		## remove build/; the cache stays
	rm -rf build

.PHONY: help kernel image run shell kselftest kunit configs peers peers-deep peers-table programs bench coverage mutate flood limits fuzz load lint static map docs deb-small deb distro series series-check apply unapply test test-deep clean
