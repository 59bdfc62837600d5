/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program that floods the audit log: 200 system calls of two ABIs, each made
 * 1000 times under a filter that logs them all.
 */
#ifndef SECCOMP_TEST_FLOOD_H
#define SECCOMP_TEST_FLOOD_H

#include "common.h"

#include <sys/mman.h>
#include <time.h>

#ifdef __x86_64__
#define FLOOD_CALLS	200
#define FLOOD_ROUNDS	1000

/* None of them has an effect: with -1 for all arguments most fail at once. */
static inline int flood_calls(long calls[FLOOD_CALLS])
{
	static const long real[] = {
		__NR_read, __NR_write, __NR_close, __NR_fstat, __NR_lseek,
		__NR_sched_yield, __NR_dup, __NR_getpid, __NR_fcntl, __NR_flock,
		__NR_fsync, __NR_fdatasync, __NR_ftruncate, __NR_fchdir,
		__NR_getuid, __NR_getgid, __NR_geteuid, __NR_getegid,
		__NR_getppid, __NR_getpgrp, __NR_getpgid, __NR_gettid,
		__NR_getresuid, __NR_getresgid, __NR_getrlimit, __NR_times,
	};
	int nr = 0;

	for (int i = 0; i < ARRAY_SIZE(real); i++)
		calls[nr++] = real[i];
	/*
	 * numbers that no system call has, though there are higher ones; later
	 * kernels have 335 and 336
	 */
	for (int i = 337; i < 337 + 87; i++) {
		calls[nr++] = i;
		calls[nr++] = X32_BIT | i;
	}
	return nr;
}

static inline int flood_attach(unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		/* the program needs these; they are none of the 200 */
		RETURN_IF_NR(__NR_clock_gettime, SECCOMP_RET_ALLOW),
		RETURN_IF_NR(__NR_clock_nanosleep, SECCOMP_RET_ALLOW),
		RETURN_IF_NR(__NR_exit_group, SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_LOG),
	};

	return attach(insns, ARRAY_SIZE(insns), flags);
}

static inline void flood_sleep(long ns)
{
	struct timespec time = { ns / 1000000000, ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static inline void flood_round(const long calls[FLOOD_CALLS])
{
	for (int i = 0; i < FLOOD_CALLS; i++)
		raw_syscall(calls[i], -1, -1, -1, -1, -1, -1);
}

/*
 * Make all rounds. Between two of them are at least @pause nanoseconds, also if
 * the machine was slow: audit needs the time.
 */
static inline void flood(const long calls[FLOOD_CALLS], long pause)
{
	for (int round = 0; round < FLOOD_ROUNDS; round++) {
		flood_round(calls);
		if (pause)
			flood_sleep(pause);
	}
}
#endif

#endif /* SECCOMP_TEST_FLOOD_H */
