/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers of all seccomp tests: small filters, and child processes to attach
 * them in (a filter cannot be detached).
 */
#ifndef SECCOMP_TEST_COMMON_H
#define SECCOMP_TEST_COMMON_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "raw_syscall.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What records have, and the name in /proc/PID/seccomp_cache */
#if defined(__x86_64__)
#define TEST_ARCH	AUDIT_ARCH_X86_64
#define TEST_ARCH_NAME	"x86_64"
#elif defined(__i386__)
#define TEST_ARCH	AUDIT_ARCH_I386
#define TEST_ARCH_NAME	"ia32"
#elif defined(__aarch64__)
#define TEST_ARCH	AUDIT_ARCH_AARCH64
#define TEST_ARCH_NAME	"aarch64"
#elif defined(__arm__)
#define TEST_ARCH	AUDIT_ARCH_ARM
#define TEST_ARCH_NAME	"arm"
#elif defined(__riscv) && __riscv_xlen == 64
#define TEST_ARCH	AUDIT_ARCH_RISCV64
#define TEST_ARCH_NAME	"riscv64"
#elif defined(__s390x__)
#define TEST_ARCH	AUDIT_ARCH_S390X
#define TEST_ARCH_NAME	"s390x"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define TEST_ARCH	AUDIT_ARCH_PPC64LE
#define TEST_ARCH_NAME	"ppc64le"
#elif defined(__powerpc64__)
#define TEST_ARCH	AUDIT_ARCH_PPC64
#define TEST_ARCH_NAME	"ppc64"
#elif defined(__powerpc__)
#define TEST_ARCH	AUDIT_ARCH_PPC
#define TEST_ARCH_NAME	"ppc"
#else
#error "AUDIT_ARCH_* of this architecture is not known"
#endif

/*
 * The system call that tests filter: the process does not need it, and its
 * result is known.
 */
#define TEST_NR		__NR_getppid

/* In place of a test of what only x86-64 has: its other ABIs, its vsyscalls */
#define TEST_OF_X86_64(name)						\
	TEST(name)							\
	{								\
		SKIP(return, "what is tested is of x86-64 alone");	\
	}

#define raw_syscall0(nr)	raw_syscall((nr), 0, 0, 0, 0, 0, 0)
#define test_syscall()	raw_syscall0(TEST_NR)

static inline int seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(__NR_seccomp, op, flags, args);
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* The offsets of the low and the high 32 bits in a field of 64 bits */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF	4
#else
#define LOW_HALF	0
#endif
#define LOAD_HALF(field, half) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		 offsetof(struct seccomp_data, field) + (half))
#define LOAD_LOW(field)		LOAD_HALF(field, LOW_HALF)
#define LOAD_HIGH(field)	LOAD_HALF(field, 4 - LOW_HALF)
#define RETURN(value) \
	BPF_STMT(BPF_RET | BPF_K, (value))
#define RETURN_IF_NR(nr, value) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1), \
	RETURN(value)

/* Attach a filter. Returns what seccomp(2) returns, or -errno. */
static inline int attach(struct sock_filter *insns, unsigned short len,
			 unsigned int flags)
{
	struct sock_fprog prog = { .len = len, .filter = insns };
	int ret;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	ret = seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog);
	return ret < 0 ? -errno : ret;
}

/* Attach a filter that returns @value for @nr and allows all others. */
static inline int attach_for(int nr, uint32_t value, unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		RETURN_IF_NR(nr, value),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), flags);
}

/* Attach a filter that returns @value for all system calls. */
static inline int attach_all(uint32_t value, unsigned int flags)
{
	struct sock_filter insn = RETURN(value);

	return attach(&insn, 1, flags);
}

/* Exit statuses of child processes */
enum {
	CHILD_OK = 0,
	CHILD_SETUP = 100,	/* attach failed */
	CHILD_WRONG = 101,	/* a result was not as expected */
};

/* For run_child(): log the test system call, @arg times. */
static inline int log_test_syscall(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	for (int i = 0; i < *(const int *)arg; i++)
		test_syscall();
	return CHILD_OK;
}

/* Run @fn in a child. Returns its wait status; *@pid is set to its pid. */
static inline int run_child(int (*fn)(const void *), const void *arg,
			    pid_t *pid)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		_exit(fn(arg));
	if (pid)
		*pid = child;
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

static inline bool exited_with(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

static inline bool killed_by(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

/* Drop all capabilities; the user stays root. Returns 0 or -1. */
static inline int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = {};

	return syscall(__NR_capset, &header, none);
}

/* Read a small file. Returns its length or -errno. */
static inline int read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	else
		buf[len] = '\0';
	close(fd);
	return len;
}

/* Write a file by one write(2). Returns 0 or -errno. */
static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		ret = -errno;
	close(fd);
	return ret;
}

/* A child process that makes the system calls that the test requests */
struct caller {
	pid_t pid;
	int requests[2];
	int results[2];
};

static inline bool caller_open(struct caller *caller)
{
	return !pipe(caller->requests) && !pipe(caller->results);
}

/* For the child: returns after all other processes have closed @requests. */
static inline int caller_loop(const struct caller *caller)
{
	long nr;

	close(caller->requests[1]);
	while (read(caller->requests[0], &nr, sizeof(nr)) == sizeof(nr)) {
		long ret = raw_syscall0(nr);

		if (write(caller->results[1], &ret, sizeof(ret)) != sizeof(ret))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

/* Request a system call. Returns its result, errors as -errno. */
static inline long caller_syscall(struct caller *caller, long nr)
{
	long ret;

	if (write(caller->requests[1], &nr, sizeof(nr)) != sizeof(nr) ||
	    read(caller->results[0], &ret, sizeof(ret)) != sizeof(ret))
		return -ECHILD;
	return ret;
}

/* Wait until a process sleeps in system call @nr. */
static inline void wait_for_syscall(pid_t pid, int nr)
{
	char path[64], buf[128], expected[16];

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	snprintf(expected, sizeof(expected), "%d ", nr);
	while (read_file(path, buf, sizeof(buf)) < 0 ||
	       strncmp(buf, expected, strlen(expected)))
		sched_yield();
}

#endif /* SECCOMP_TEST_COMMON_H */
