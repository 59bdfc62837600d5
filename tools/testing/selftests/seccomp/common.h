/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the seccomp tests share: system calls at a known address, small
 * filters, and children to try them on (a filter stays for life).
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

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#if defined(__x86_64__) && defined(__ILP32__)
#define TEST_ARCH	AUDIT_ARCH_X86_64
#elif defined(__x86_64__)
#define TEST_ARCH	AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define TEST_ARCH	AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define TEST_ARCH	AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define TEST_ARCH	AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define TEST_ARCH	AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define TEST_ARCH	AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define TEST_ARCH	AUDIT_ARCH_PPC64LE
#elif defined(__powerpc64__)
#define TEST_ARCH	AUDIT_ARCH_PPC64
#elif defined(__powerpc__)
#define TEST_ARCH	AUDIT_ARCH_PPC
#else
#error "Which AUDIT_ARCH_* is this?"
#endif

/* A system call that nobody misses, whose true result is known. */
#define SUBJECT		__NR_getppid

#if defined(__x86_64__) && !defined(__ILP32__)
/* raw_call() makes a system call whose address is raw_call_return. */
long raw_call(long nr, long a0, long a1, long a2, long a3, long a4, long a5);
extern const char raw_call_return[];
asm(".pushsection .text\n"
	".weak raw_call, raw_call_return\n"
	"raw_call:\n\t"
	"mov %rdi, %rax\n\t"
	"mov %rsi, %rdi\n\t"
	"mov %rdx, %rsi\n\t"
	"mov %rcx, %rdx\n\t"
	"mov %r8, %r10\n\t"
	"mov %r9, %r8\n\t"
	"mov 8(%rsp), %r9\n\t"
	"syscall\n"
	"raw_call_return:\n\t"
	"ret\n"
	".popsection\n");

/* The same by i386's convention: raw_int80_return is the call's address. */
long raw_int80(long nr, long a0, long a1, long a2, long a3, long a4, long a5);
extern const char raw_int80_return[];
asm(".pushsection .text\n"
	".weak raw_int80, raw_int80_return\n"
	"raw_int80:\n\t"
	"push %rbx\n\t"
	"push %rbp\n\t"
	"mov %rdi, %rax\n\t"
	"mov %rsi, %rbx\n\t"
	"mov %rcx, %r10\n\t"
	"mov %rdx, %rcx\n\t"
	"mov %r10, %rdx\n\t"
	"mov %r8, %rsi\n\t"
	"mov %r9, %rdi\n\t"
	"mov 24(%rsp), %rbp\n\t"
	"int $0x80\n"
	"raw_int80_return:\n\t"
	"movslq %eax, %rax\n\t"
	"pop %rbp\n\t"
	"pop %rbx\n\t"
	"ret\n"
	".popsection\n");

static inline long int80(long nr, long arg)
{
	return raw_int80(nr, arg, 0, 0, 0, 0, 0);
}

/* Numbers of the machine's third convention */
#define X32_BIT		0x40000000

#define SUBJECT_IP	((unsigned long)raw_call_return)
#define INT80_IP	((unsigned long)raw_int80_return)
#else
#define X32_BIT		0	/* there is no such convention */
#define SUBJECT_IP	0UL	/* unknown */
static inline long raw_call(long nr, long a0, long a1, long a2, long a3,
			    long a4, long a5)
{
	long ret = syscall(nr, a0, a1, a2, a3, a4, a5);

	return ret == -1 ? -errno : ret;
}
#endif

#define call_number(nr)	raw_call((nr), 0, 0, 0, 0, 0, 0)
#define subject()	call_number(SUBJECT)

static inline int seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(__NR_seccomp, op, flags, args);
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* The halves of a field of 64 bits: the low one has what 32 bits can hold. */
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

/* Attach; 0 or what seccomp(2) returns, or -errno */
static inline int attach(struct sock_filter *insns, unsigned short len,
			 unsigned int flags)
{
	struct sock_fprog prog = { .len = len, .filter = insns };
	int ret;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	ret = seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog);
	return ret < 0 ? -errno : ret;
}

/* A filter that returns @value for @nr and allows the rest */
static inline int attach_for(int nr, uint32_t value, unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		RETURN_IF_NR(nr, value),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), flags);
}

/* A filter that returns @value for everything */
static inline int attach_all(uint32_t value, unsigned int flags)
{
	struct sock_filter insn = RETURN(value);

	return attach(&insn, 1, flags);
}

/* What children report by their exit status */
enum {
	CHILD_OK = 0,
	CHILD_SETUP = 100,	/* attach failed */
	CHILD_WRONG = 101,	/* something was not as expected */
};

/* Log SUBJECT, @arg times. For run_child() */
static inline int log_subject(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	for (int i = 0; i < *(const int *)arg; i++)
		subject();
	return CHILD_OK;
}

/* Run @fn in a child, return its wait status; its pid goes to @pid. */
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

/* Still root, but without its powers. 0 or -1 */
static inline int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = {};

	return syscall(__NR_capset, &header, none);
}

/* Read a small file; its length or -errno. */
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

/* Write all in one go; 0 or -errno. */
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

/* A process that makes calls as it is told */
struct caller {
	pid_t pid;
	int orders[2];
	int answers[2];
};

static inline bool open_caller(struct caller *caller)
{
	return !pipe(caller->orders) && !pipe(caller->answers);
}

/* The process itself, until its orders' other end is closed everywhere else */
static inline int obey(const struct caller *caller)
{
	long nr;

	close(caller->orders[1]);
	while (read(caller->orders[0], &nr, sizeof(nr)) == sizeof(nr)) {
		long ret = call_number(nr);

		if (write(caller->answers[1], &ret, sizeof(ret)) != sizeof(ret))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

/* What the call returns, errors as -errno */
static inline long call_by(struct caller *caller, long nr)
{
	long ret;

	if (write(caller->orders[1], &nr, sizeof(nr)) != sizeof(nr) ||
	    read(caller->answers[0], &ret, sizeof(ret)) != sizeof(ret))
		return -ECHILD;
	return ret;
}

/* Until a process sleeps in a system call of this number */
static inline void wait_until_in_call(pid_t pid, int nr)
{
	char path[64], buf[128], expected[16];

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	snprintf(expected, sizeof(expected), "%d ", nr);
	while (read_file(path, buf, sizeof(buf)) < 0 ||
	       strncmp(buf, expected, strlen(expected)))
		sched_yield();
}

#endif /* SECCOMP_TEST_COMMON_H */
