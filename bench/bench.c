// SPDX-License-Identifier: GPL-2.0
/*
 * Measures what seccomp costs, inside the guest. Prints a line for each row:
 * its name and a number. Usage: `bench FOLDER [PATTERN...]`. FOLDER has the
 * filters. With patterns only the rows are measured whose names match one.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

/* Newer than the headers */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS		SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP	1UL
#endif

#define X32		0x40000000
#define GETPPID_I386	64
#define PERSONALITY_GET		0xffffffff	/* of personality(2) */
#define BPF_JIT		"/proc/sys/net/core/bpf_jit_enable"
#define LOGGED		"/proc/sys/kernel/seccomp/actions_logged"
#define LOGGED_ONCE	"/proc/sys/kernel/seccomp/actions_logged_once"
#define CONSOLE		"/proc/sys/kernel/printk"
#define PRINTK_LIMIT	"/proc/sys/kernel/printk_ratelimit"

/* So few system calls that most batches end before the next timer tick */
#define CALLS		100
#define BATCHES		20
#define ATTACHES	5
#define FIRST_CALLS	5
#define FORKS		200
/*
 * Compiled programs are allocated in chunks of 2 MB, counters in chunks of
 * 4 MB: the first tasks cause both allocations, the others one more of the
 * former.
 */
#define TASKS		200
#define TASKS_BEFORE	200

struct timing {
	unsigned long time;
	long result;
};

struct row {
	const char *name;
	unsigned long (*measure)(const struct row *row);
	/* A chain of @depth filters: @top, and older ones @below, if set, or @top */
	const struct sock_fprog *top;
	const struct sock_fprog *below;
	int depth;
	/* Creates filter @number of a chain of the largest length */
	struct sock_fprog (*next)(unsigned long number);
	/* The system call, how it is made, and its result; 0: any success */
	long nr;
	void (*loop)(long nr, long arg, long n, struct timing *timing);
	long result;
	/* An instruction that makes @top invalid, and its position from the end */
	struct sock_filter flaw;
	int flaw_from_end;
	bool own;	/* change @top so that no other process has it */
	bool quiet;	/* log is not in actions_logged */
	bool once;	/* log is in actions_logged_once, if that exists */
	bool first;	/* measure the first system call under a filter */
	bool daemon;	/* an audit daemon reads the log */
	bool printed;	/* without a rate limit of printk */
	bool sync;	/* the supervisor sets SYNC_WAKE_UP, if that exists */
};

/* Shared by a child and the process that measures */
static struct shared {
	unsigned long number;
	int ready;
	int stop;
	int listener;
} *shared;

/* From files: the profile of Docker */
static struct sock_fprog linear;	/* a list of rules */
static struct sock_fprog tree;		/* a binary tree of rules */
static struct sock_fprog deflog;	/* with log as default action */
static struct sock_fprog plain;		/* without conditions on arguments */
/* Created here */
static struct sock_fprog errnos;	/* another errno for each number */
static struct sock_fprog divisions;	/* as many divisions as possible */

/* A program of five instructions: @action for getppid() */
#define FIVE(action) {							\
	.len = 5,							\
	.filter = (struct sock_filter []) {				\
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,			\
			 offsetof(struct seccomp_data, nr)),		\
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 1, 0),	\
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uselib, 0, 1),	\
		BPF_STMT(BPF_RET | BPF_K, action),			\
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),		\
	},								\
}

static const struct sock_fprog five_allow = FIVE(SECCOMP_RET_ALLOW);
static const struct sock_fprog five_log = FIVE(SECCOMP_RET_LOG);
static const struct sock_fprog five_notify = FIVE(SECCOMP_RET_USER_NOTIF);

/* Time @n system calls and return the last result; @instruction differs. */
#define DEFINE_LOOP(name, instruction)					\
static void name(long nr, long arg, long n, struct timing *timing)	\
{									\
	unsigned long start = now();					\
									\
	asm volatile("1:\n"						\
		     "mov %[nr], %%rax\n"				\
		     "mov %[arg], %%rdi\n"				\
		     "mov %[arg], %%rbx\n"				\
		     instruction "\n"					\
		     "dec %[n]\n"					\
		     "jnz 1b\n"						\
		     : "=&a"(timing->result), [n] "+r"(n)		\
		     : [nr] "r"(nr), [arg] "r"(arg)			\
		     : "rbx", "rcx", "rdi", "r8", "r9", "r10", "r11",	\
		       "cc", "memory");					\
	timing->time = now() - start;					\
}

DEFINE_LOOP(loop_empty, "")
DEFINE_LOOP(loop_native, "syscall")
DEFINE_LOOP(loop_i386, "int $0x80")

/* The cost of one system call. The fastest batch has no timer tick. */
static unsigned long per_call(const struct row *row)
{
	unsigned long best = ULONG_MAX;
	unsigned long empty = ULONG_MAX;
	struct timing timing;

	for (int i = 0; i < BATCHES; i++) {
		loop_empty(row->nr, PERSONALITY_GET, CALLS, &timing);
		empty = min_time(empty, timing.time);
		(row->loop ?: loop_native)(row->nr, PERSONALITY_GET, CALLS, &timing);
		best = min_time(best, timing.time);
		if (row->result ? timing.result != row->result : timing.result < 0)
			errx(1, "%s: the call returned %ld", row->name, timing.result);
	}
	return (best - empty + CALLS / 2) / CALLS;
}

/* Without a daemon records are printed, at most ten in five seconds. */
static void wait_for_printk(void)
{
	sleep(6);
}

static void wait_ready(int ready)
{
	while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) < ready)
		usleep(1000);
}

static void signal_ready(void)
{
	__atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", path);
	close(fd);
}

static void load_program(struct sock_fprog *program, const char *folder, const char *name)
{
	char path[256];
	off_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	size = lseek(fd, 0, SEEK_END);
	program->len = size / sizeof(struct sock_filter);
	program->filter = malloc(size);
	if (!program->filter || pread(fd, program->filter, size, 0) != size)
		err(1, "%s", path);
	close(fd);
}

/* Copy a program, but with other data in its return values. */
static struct sock_fprog own_copy(const struct sock_fprog *program)
{
	static unsigned short data = 2;
	struct sock_fprog copy = { .len = program->len };
	size_t size = copy.len * sizeof(struct sock_filter);

	copy.filter = malloc(size);
	if (!copy.filter)
		err(1, "malloc");
	memcpy(copy.filter, program->filter, size);
	for (int i = 0; i < copy.len; i++) {
		struct sock_filter *insn = &copy.filter[i];

		if (insn->code == (BPF_RET | BPF_K) && insn->k != SECCOMP_RET_ALLOW)
			insn->k = (insn->k & SECCOMP_RET_ACTION_FULL) | data;
	}
	data++;
	return copy;
}

static int attach(const struct sock_fprog *program, unsigned int flags)
{
	int ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	if (ret < 0)
		err(1, "attach");
	return ret;
}

/* Attach the chain below @row->top. */
static void attach_below(const struct row *row)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
	for (int i = 1; i < row->depth; i++)
		attach(row->below ?: row->top, 0);
}

static pid_t checked_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void checked_wait(pid_t pid, const struct row *row)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s: a child ended with status %#x", row->name, status);
}

/* Measure in a child process, because a filter cannot be detached. */
static unsigned long run_in_child(unsigned long (*measure)(const struct row *row), const struct row *row)
{
	pid_t pid = checked_fork();

	if (!pid) {
		shared->number = measure(row);
		_exit(0);
	}
	checked_wait(pid, row);
	return shared->number;
}

/* System calls */

static unsigned long calls_in_child(const struct row *row)
{
	if (row->depth) {
		attach_below(row);
		attach(row->top, 0);
	}
	return per_call(row);
}

static unsigned long measure_calls(const struct row *row)
{
	return run_in_child(calls_in_child, row);
}

/* Attaching a filter */

static unsigned long attach_in_child(const struct row *row)
{
	unsigned long start;

	attach_below(row);
	start = now();
	attach(row->top, 0);
	return now() - start;
}

static unsigned long measure_attach(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < ATTACHES; i++) {
		struct sock_fprog program = own_copy(row->top);
		struct row own = *row;

		if (row->own) {
			own.below = row->below ?: row->top;
			own.top = &program;
		}
		settle();
		best = min_time(best, run_in_child(attach_in_child, &own));
		free(program.filter);
	}
	return best;
}

static unsigned long measure_attach_no_jit(const struct row *row)
{
	unsigned long best;

	write_file(BPF_JIT, "0");
	best = measure_attach(row);
	write_file(BPF_JIT, "1");
	return best;
}

/* Attaching an invalid filter */

static unsigned long refusal_in_child(const struct row *row)
{
	unsigned long start;
	unsigned long cost;
	long ret;

	attach_below(row);
	start = now();
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, row->top);
	cost = now() - start;
	if (ret != -1 || errno != EINVAL)
		errx(1, "%s: attached", row->name);
	return cost;
}

/* Replace one of the last instructions by @flaw. */
static unsigned long measure_refusal(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < ATTACHES; i++) {
		struct sock_fprog program = own_copy(row->top);
		struct row own = *row;

		program.filter[program.len - row->flaw_from_end] = row->flaw;
		own.top = &program;
		settle();
		best = min_time(best, run_in_child(refusal_in_child, &own));
		free(program.filter);
	}
	return best;
}

/* System calls that are logged */

/* Register process @pid as the audit daemon; 0: unregister it. */
static void audit_set_pid(int fd, pid_t pid)
{
	struct {
		struct nlmsghdr header;
		struct audit_status status;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = AUDIT_SET,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.status = { .mask = AUDIT_STATUS_PID, .pid = pid },
	};

	if (send(fd, &request, sizeof(request), 0) != sizeof(request))
		err(1, "AUDIT_SET");
}

/* Reads records until shared->stop is set. */
static void audit_daemon(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	struct pollfd input = { .fd = fd, .events = POLLIN };
	char record[9000];

	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		err(1, "audit socket");
	audit_set_pid(fd, getpid());
	signal_ready();
	while (!__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST)) {
		while (poll(&input, 1, 10) > 0) {
			if (recv(fd, record, sizeof(record), 0) < 0)
				err(1, "audit record");
		}
	}
	audit_set_pid(fd, 0);
	_exit(0);
}

static unsigned long first_call_in_child(const struct row *row)
{
	struct timing empty;
	struct timing call;

	attach_below(row);
	attach(row->top, 0);
	loop_empty(row->nr, PERSONALITY_GET, 1, &empty);
	loop_native(row->nr, PERSONALITY_GET, 1, &call);
	return call.time - empty.time;
}

static unsigned long measure_first_call(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < FIRST_CALLS; i++) {
		wait_for_printk();
		best = min_time(best, run_in_child(first_call_in_child, row));
	}
	return best;
}

static unsigned long measure_logged(const struct row *row)
{
	bool once = row->once && !access(LOGGED_ONCE, W_OK);
	pid_t daemon = 0;
	unsigned long cost;

	/* records are not written to the slow serial console; warnings are */
	write_file(CONSOLE, "5");
	write_file(PRINTK_LIMIT, row->printed ? "0" : "5");
	write_file(LOGGED, row->quiet ? "kill_process" : "kill_process log");
	if (once)
		write_file(LOGGED_ONCE, "log");
	if (row->daemon) {
		shared->ready = 0;
		shared->stop = 0;
		daemon = checked_fork();
		if (!daemon)
			audit_daemon();
		wait_ready(1);
	}
	wait_for_printk();
	cost = row->first ? measure_first_call(row) : measure_calls(row);
	settle();
	if (row->daemon) {
		__atomic_store_n(&shared->stop, 1, __ATOMIC_SEQ_CST);
		checked_wait(daemon, row);
	}
	if (once)
		write_file(LOGGED_ONCE, " ");
	write_file(PRINTK_LIMIT, "5");
	write_file(CONSOLE, "7");
	return cost;
}

/* Forking a child that exits at once */

static unsigned long forks_in_child(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	attach_below(row);
	attach(row->top, 0);
	for (int i = 0; i < FORKS; i++) {
		unsigned long start = now();
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (waitpid(pid, NULL, 0) != pid)
			err(1, "fork");
		best = min_time(best, now() - start);
	}
	return best;
}

static unsigned long measure_fork(const struct row *row)
{
	return run_in_child(forks_in_child, row);
}

/* System calls with a response by a supervisor in another process */

static unsigned long notify_in_child(const struct row *row)
{
	attach_below(row);
	shared->listener = attach(row->top, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	signal_ready();
	wait_ready(2);
	return per_call(row);
}

static unsigned long measure_notify(const struct row *row)
{
	struct seccomp_notif_resp resp;
	struct seccomp_notif notif;
	pid_t pid;
	int process;
	int fd;

	shared->ready = 0;
	pid = checked_fork();
	if (!pid) {
		shared->number = notify_in_child(row);
		_exit(0);
	}
	wait_ready(1);
	process = syscall(SYS_pidfd_open, pid, 0);
	fd = syscall(SYS_pidfd_getfd, process, shared->listener, 0);
	if (fd < 0)
		err(1, "listener");
	if (row->sync)
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	signal_ready();
	for (int i = 0; i < CALLS * BATCHES; i++) {
		memset(&notif, 0, sizeof(notif));
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &notif))
			err(1, "RECV");
		memset(&resp, 0, sizeof(resp));
		resp.id = notif.id;
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &resp))
			err(1, "SEND");
	}
	close(fd);
	close(process);
	checked_wait(pid, row);
	return shared->number;
}

/* Memory for a filter, in bytes */

static unsigned long measure_memory(const struct row *row)
{
	pid_t pids[TASKS_BEFORE + TASKS];
	const int all = TASKS_BEFORE + TASKS;
	long before = 0;
	long after;
	char byte = 0;
	int go[2];

	shared->ready = 0;
	if (pipe(go))
		err(1, "pipe");
	for (int i = 0; i < all; i++) {
		pids[i] = checked_fork();
		if (pids[i])
			continue;
		attach_below(row);
		signal_ready();
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		attach(row->top, 0);
		signal_ready();
		for (;;)
			pause();
	}
	wait_ready(all);
	/* one by one, because attaching also needs temporary memory */
	for (int i = 0; i < all; i++) {
		if (i == TASKS_BEFORE) {
			settle();
			before = memory_used();
		}
		if (write(go[1], &byte, 1) != 1)
			err(1, "pipe");
		wait_ready(all + i + 1);
	}
	settle();
	after = memory_used();
	for (int i = 0; i < all; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	close(go[0]);
	close(go[1]);
	return (after - before) / TASKS;
}

/* Attach @top, then filters of @next until the chain is too long. */
static unsigned long measure_chain(const struct row *row)
{
	unsigned long number = 0;
	long before, after;
	int go[2];
	char byte = 0;
	pid_t pid;

	shared->ready = 0;
	if (pipe(go))
		err(1, "pipe");
	pid = checked_fork();
	if (!pid) {
		attach_below(row);
		signal_ready();
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		attach(row->top, 0);
		for (number = 1;; number++) {
			struct sock_fprog program = row->next(number);

			if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
				break;
		}
		if (errno != ENOMEM)
			err(1, "attach");
		shared->number = number;
		signal_ready();
		for (;;)
			pause();
	}
	wait_ready(1);
	settle();
	before = memory_used();
	if (write(go[1], &byte, 1) != 1)
		err(1, "pipe");
	wait_ready(2);
	settle();
	after = memory_used();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(go[0]);
	close(go[1]);
	return (after - before) / shared->number;
}

/* A program that returns another errno for each number */
static struct sock_fprog many_errnos(void)
{
	enum { NUMBERS = 540 };
	static struct sock_filter insns[2 + 2 * NUMBERS];
	static struct sock_fprog program = { .filter = insns };
	struct sock_filter *insn = insns;

	*insn++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, nr));
	/* numbers of x32, which the process does not use */
	for (int nr = 0; nr < NUMBERS; nr++) {
		*insn++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						       X32 + nr, 0, 1);
		*insn++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						       SECCOMP_RET_ERRNO | (1 + nr));
	}
	*insn++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = insn - insns;
	return program;
}

/* The same program each time */
static struct sock_fprog next_log(unsigned long number)
{
	static struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG);

	(void)number;
	return (struct sock_fprog){ 1, &insn };
}

/* Another program each time, with a condition on an argument */
static struct sock_fprog next_argument(unsigned long number)
{
	static struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	insns[1].k = X32 + number;
	return (struct sock_fprog){ sizeof(insns) / sizeof(insns[0]), insns };
}

/* Another program each time, with constant return values */
static struct sock_fprog next_errno(unsigned long number)
{
	static struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	insns[3].k = X32 + number % 500;
	insns[4].k = SECCOMP_RET_ERRNO + number;
	return (struct sock_fprog){ sizeof(insns) / sizeof(insns[0]), insns };
}

/* Divisions for all numbers, if an argument has a value that it never has */
static struct sock_fprog many_divisions(void)
{
	static struct sock_filter insns[BPF_MAXINSNS] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5eccc0de, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
	};

	for (int i = 4; i < BPF_MAXINSNS - 1; i++)
		insns[i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0);
	insns[BPF_MAXINSNS - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							       SECCOMP_RET_ERRNO);
	return (struct sock_fprog){ BPF_MAXINSNS, insns };
}

#define ALLOW		.measure = measure_calls, .nr = SYS_getppid
#define ARGUMENT	.measure = measure_calls, .nr = SYS_personality
#define ERRNO		.measure = measure_calls, .nr = SYS_uselib, \
			.result = -EPERM
#define LOG		.measure = measure_logged, .top = &five_log, \
			.depth = 1, .nr = SYS_getppid
#define ATTACH		.measure = measure_attach, .own = true
#define REFUSE		.measure = measure_refusal
#define NO_RETURN	BPF_STMT(BPF_LD | BPF_IMM, 0)
#define BAD_LOAD	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2)
#define BAD_JUMP	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0)
#define NOTIFY		.measure = measure_notify, .top = &five_notify, \
			.nr = SYS_getppid

static const struct row rows[] = {
	{ "native", ALLOW },
	{ "allow", ALLOW, .top = &linear, .depth = 1 },
	{ "allow-20", ALLOW, .top = &five_allow, .depth = 20 },
	{ "allow-i386", .measure = measure_calls, .nr = GETPPID_I386,
	  .loop = loop_i386, .top = &linear, .depth = 1 },
	{ "allow-x32", .measure = measure_calls, .nr = SYS_getppid | X32,
	  .top = &linear, .depth = 1 },
	{ "argument", ARGUMENT, .top = &linear, .depth = 1 },
	{ "argument-tree", ARGUMENT, .top = &tree, .depth = 1 },
	{ "argument-20", ARGUMENT, .top = &linear, .below = &plain, .depth = 20 },
	{ "argument-20-all", ARGUMENT, .top = &linear, .depth = 20 },
	{ "errno", ERRNO, .top = &linear, .depth = 1 },
	{ "errno-20", ERRNO, .top = &linear, .depth = 20 },
	{ "log-unlogged", .measure = measure_logged, .nr = SYS_uselib, .result = -ENOSYS,
	  .top = &deflog, .depth = 1, .quiet = true },
	{ "log-unlogged-5", LOG, .quiet = true },
	{ "log", LOG },
	{ "log-printed", LOG, .printed = true },
	{ "log-daemon", LOG, .daemon = true },
	{ "log-once-first", LOG, .once = true, .first = true },
	{ "log-once", LOG, .once = true },
	{ "attach", ATTACH, .top = &linear, .depth = 1 },
	{ "attach-tree", ATTACH, .top = &tree, .depth = 1 },
	{ "attach-divisions", ATTACH, .top = &divisions, .depth = 1 },
	{ "attach-no-jit", .measure = measure_attach_no_jit, .own = true,
	  .top = &linear, .depth = 1 },
	{ "attach-same", .measure = measure_attach, .top = &linear,
	  .depth = 1 },
	{ "attach-same-20", .measure = measure_attach, .top = &linear,
	  .depth = 20 },
	{ "attach-5", ATTACH, .top = &five_log, .depth = 1 },
	{ "attach-5-20", ATTACH, .top = &five_log, .depth = 20 },
	{ "refuse", REFUSE, .top = &linear, .flaw = NO_RETURN, .flaw_from_end = 1 },
	{ "refuse-load", REFUSE, .top = &linear, .flaw = BAD_LOAD, .flaw_from_end = 2 },
	{ "refuse-tree", REFUSE, .top = &tree, .flaw = BAD_JUMP, .flaw_from_end = 2 },
	{ "refuse-5", REFUSE, .top = &five_log, .flaw = NO_RETURN, .flaw_from_end = 1 },
	{ "refuse-load-5", REFUSE, .top = &five_log, .flaw = BAD_LOAD, .flaw_from_end = 2 },
	{ "fork-20", .measure = measure_fork, .top = &five_allow, .depth = 20 },
	{ "notify", NOTIFY },
	{ "notify-sync", NOTIFY, .sync = true },
	/* last, because they change the state of the allocators */
	{ "memory", .measure = measure_memory, .top = &linear },
	{ "memory-chain", .measure = measure_chain, .top = &errnos, .next = next_log },
	{ "memory-chain-errno", .measure = measure_chain, .top = &errnos, .next = next_errno },
	{ "memory-chain-looks", .measure = measure_chain, .top = &errnos, .next = next_argument },
};

/*
 * Start a process that has filters: memory for compiled programs is then
 * allocated, and there are programs to share.
 */
static pid_t start_holder(void)
{
	pid_t pid = checked_fork();

	if (!pid) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		attach(&linear, 0);
		attach(&tree, 0);
		signal_ready();
		for (;;)
			pause();
	}
	wait_ready(1);
	return pid;
}

static bool matches(const char *name, char **patterns)
{
	if (!*patterns)
		return true;
	for (; *patterns; patterns++) {
		if (!fnmatch(*patterns, name, 0))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	pid_t holder;

	if (argc < 2)
		errx(2, "usage: bench FOLDER [PATTERN...]");
	load_program(&linear, argv[1], "linear");
	load_program(&tree, argv[1], "tree");
	load_program(&deflog, argv[1], "deflog");
	load_program(&plain, argv[1], "plain");
	errnos = many_errnos();
	divisions = many_divisions();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");

	holder = start_holder();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!matches(rows[i].name, argv + 2))
			continue;
		settle();
		printf("%s\t%lu\n", rows[i].name, rows[i].measure(&rows[i]));
		fflush(stdout);
	}
	kill(holder, SIGKILL);
	return 0;
}
