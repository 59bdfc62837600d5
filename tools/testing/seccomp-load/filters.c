// SPDX-License-Identifier: GPL-2.0
/*
 * Filters of varied kinds, and the system calls about which they decide.
 */
#include "load.h"

#define RULES_MAX	400
#define INSNS_MAX	(2 * RULES_MAX + 16)

/* The program needs none of them. Two have no system call. */
static const int numbers[] = {
	__NR_getuid, __NR_getgid, __NR_geteuid, __NR_getegid, __NR_getppid,
	__NR_getpgrp, 700, 100000,
};

static const uint32_t common[] = {
	SECCOMP_RET_LOG, SECCOMP_RET_LOG | 1, SECCOMP_RET_LOG, SECCOMP_RET_LOG,
	SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 38, SECCOMP_RET_ERRNO,
	SECCOMP_RET_TRAP | 5, SECCOMP_RET_TRACE | 7, SECCOMP_RET_USER_NOTIF,
	SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
};

static const uint32_t deadly[] = {
	SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS, 0x7ffd0000,
};

/* Flags that this kernel accepts */
static unsigned int valid_flags;

void filters_init(void)
{
	static const unsigned int flags[] = {
		SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		SECCOMP_FILTER_FLAG_LOG_ONCE,
	};

	/* without a program: EFAULT if the flag is valid */
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (seccomp(SECCOMP_SET_MODE_FILTER, flags[i], NULL) < 0 &&
		    errno == EFAULT)
			valid_flags |= flags[i];
}

static uint32_t random_value(void)
{
	return chance(98) ? one_of(common) : one_of(deadly);
}

static unsigned int build_numbers(struct sock_filter *insns)
{
	unsigned int len = 0;

	insns[len++] = (struct sock_filter)LOAD(nr);
	for (int n = 1 + rnd(5); n--;) {
		insns[len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one_of(numbers), 0, 1);
		insns[len++] = (struct sock_filter)RETURN(random_value());
	}
	insns[len++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return len;
}

/* Calls whose argument has a bit; the rest of the program as above */
static unsigned int build_arguments(struct sock_filter *insns)
{
	const struct sock_filter start[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one_of(numbers), 0, 3),
		LOAD_LOW(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1U << rnd(4), 0, 1),
		RETURN(random_value()),
	};

	memcpy(insns, start, sizeof(start));
	return ARRAY_SIZE(start) + build_numbers(insns + ARRAY_SIZE(start));
}

/* The data is the argument: log once has many values to remember. */
static unsigned int build_computed(struct sock_filter *insns)
{
	const struct sock_filter start[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one_of(numbers), 0, 4),
		LOAD_LOW(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	memcpy(insns, start, sizeof(start));
	return ARRAY_SIZE(start) + build_numbers(insns + ARRAY_SIZE(start));
}

/* Many comparisons, in a program that other processes may have or not */
static unsigned int build_long(struct sock_filter *insns)
{
	unsigned int rules = 10 + rnd(RULES_MAX - 10), len = 0;
	uint32_t first = 2000 + (chance(50) ? rnd(4) : rnd(1U << 28));

	insns[len++] = (struct sock_filter)LOAD(nr);
	for (unsigned int i = 0; i < rules; i++) {
		insns[len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first + 3 * i, 0, 1);
		insns[len++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | 1);
	}
	return len + build_numbers(insns + len);
}

/* All calls: whatever the process does is logged. */
static unsigned int build_everything(struct sock_filter *insns)
{
	insns[0] = (struct sock_filter)RETURN(SECCOMP_RET_LOG | rnd(3));
	return 1;
}

/* Other ABIs are logged. */
static unsigned int build_arch(struct sock_filter *insns)
{
	const struct sock_filter start[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_ARCH, 1, 0),
		RETURN(SECCOMP_RET_LOG | 9),
	};

	memcpy(insns, start, sizeof(start));
	return ARRAY_SIZE(start) + build_numbers(insns + ARRAY_SIZE(start));
}

static unsigned int random_flags(void)
{
	unsigned int flags = 0;

	if (chance(50))
		flags |= SECCOMP_FILTER_FLAG_LOG;
	if (chance(35))
		flags |= SECCOMP_FILTER_FLAG_LOG_ONCE;
	if (chance(10))
		flags |= SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	return flags & valid_flags;
}

int attach_random(unsigned int flags)
{
	static unsigned int (* const kinds[])(struct sock_filter *) = {
		build_numbers, build_numbers, build_numbers, build_arguments,
		build_arguments, build_computed, build_long, build_arch,
	};
	struct sock_filter insns[INSNS_MAX];
	unsigned int len;

	flags |= random_flags();
	len = chance(3) ? build_everything(insns) : one_of(kinds)(insns);
	return attach(insns, len, flags);
}

int attach_large(void)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	unsigned int len = 0;
	uint32_t first = 2000 + rnd(1U << 30);

	insns[len++] = (struct sock_filter)LOAD(nr);
	insns[len++] = (struct sock_filter)
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one_of(numbers), 0, 1);
	insns[len++] = (struct sock_filter)RETURN(SECCOMP_RET_LOG);
	while (len < BPF_MAXINSNS - 1) {
		insns[len] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first + len, 0, 1);
		insns[len + 1] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | 1);
		len += 2;
	}
	insns[len++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return attach(insns, len, 0);
}

void call_randomly(unsigned int nr)
{
	while (nr--) {
		long number = one_of(numbers);
		long arg = rnd(64);

#ifdef __x86_64__
		if (chance(3)) {
			raw_syscall(X32_BIT | number, arg, 0, 0, 0, 0, 0);
			continue;
		}
#endif
		raw_syscall(number, arg, rnd64(), 2, 3, 4, 5);
	}
}
