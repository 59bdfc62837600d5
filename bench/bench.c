// SPDX-License-Identifier: GPL-2.0
/*
 * What seccomp costs, measured inside the guest: one line a row, its name and a
 * number. Run it as `bench FOLDER PATTERN...`: the filters lie in FOLDER, and
 * the rows whose names match are measured, or all.
 *
 * The clock is the time stamp counter. Under QEMU's -icount shift=0 it counts
 * the guest's instructions, so that a number is the same in every run.
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

/* Newer than the headers */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS		SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP	1UL
#endif

#define X32		0x40000000
#define GETPPID_I386	64
#define QUERY		0xffffffff	/* personality(2): say, do not change */
#define BPF_JIT		"/proc/sys/net/core/bpf_jit_enable"
#define LOGGED		"/proc/sys/kernel/seccomp/actions_logged"
#define LOGGED_ONCE	"/proc/sys/kernel/seccomp/actions_logged_once"
#define CONSOLE		"/proc/sys/kernel/printk"
#define PRINTK_LIMIT	"/proc/sys/kernel/printk_ratelimit"

/* So few calls that most batches end before the next timer tick */
#define CALLS		100
#define BATCHES		20
#define ATTACHES	5
#define FIRST_CALLS	5
#define FORKS		200
/*
 * Compiled programs share pieces of 2 MB, and counters pieces of 4 MB: the first
 * tasks have both made, and the others need one more of the former.
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
	/* A chain of @depth filters: @top, and below it @below or else @top */
	const struct sock_fprog *top;
	const struct sock_fprog *below;
	int depth;
	/* The @number'th filter of a chain that grows as long as it may */
	struct sock_fprog (*next)(unsigned long number);
	/* The call, how it is made, and what it returns; 0: any success */
	long nr;
	void (*loop)(long nr, long arg, long n, struct timing *timing);
	long result;
	/* What makes @top be refused, and where it stands: 1 is the end */
	struct sock_filter flaw;
	int flaw_from_end;
	bool own;	/* @top becomes a program that no live process has */
	bool quiet;	/* RET_LOG is not in actions_logged */
	bool once;	/* RET_LOG is in actions_logged_once, if that exists */
	bool first;	/* measure the first call under a filter */
	bool daemon;	/* an audit daemon reads the log */
	bool printed;	/* no limit keeps records from being printed */
	bool sync;	/* the supervisor asks for SYNC_WAKE_UP, if that exists */
};

/* What a child tells the process that measures, and the other way round */
static struct shared {
	unsigned long number;
	int ready;
	int stop;
	int listener;
} *shared;

/* From files: Docker's profile, rule after rule, */
static struct sock_fprog linear;
static struct sock_fprog tree;		/* searched by number, */
static struct sock_fprog deflog;	/* with RET_LOG for the rest, */
static struct sock_fprog plain;		/* without a look at arguments */
/* Made here: another errno for each number */
static struct sock_fprog errnos;

/* Five instructions: @action for getppid */
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

static inline unsigned long now(void)
{
	unsigned int low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (unsigned long)high << 32 | low;
}

/* @n calls: their time, and what the last returned. The loops differ in the call alone. */
#define DEFINE_LOOP(name, instruction)					\
static void name(long nr, long arg, long n, struct timing *timing)	\
{									\
	unsigned long began = now();					\
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
	timing->time = now() - began;					\
}

DEFINE_LOOP(loop_empty, "")
DEFINE_LOOP(loop_native, "syscall")
DEFINE_LOOP(loop_i386, "int $0x80")

static unsigned long least(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

/* One call, from the best of some batches: there was no timer tick in it. */
static unsigned long per_call(const struct row *row)
{
	unsigned long best = ULONG_MAX;
	unsigned long empty = ULONG_MAX;
	struct timing timing;

	for (int i = 0; i < BATCHES; i++) {
		loop_empty(row->nr, QUERY, CALLS, &timing);
		empty = least(empty, timing.time);
		(row->loop ?: loop_native)(row->nr, QUERY, CALLS, &timing);
		best = least(best, timing.time);
		if (row->result ? timing.result != row->result : timing.result < 0)
			errx(1, "%s: the call returned %ld", row->name, timing.result);
	}
	return (best - empty + CALLS / 2) / CALLS;
}

/* Where there is no daemon, records are printed, ten in five seconds. */
static void printk_again(void)
{
	sleep(6);
}

/* What the last measurement has left to kernel threads comes to rest. */
static void settle(void)
{
	usleep(100000);
}

static void await(int ready)
{
	while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) < ready)
		usleep(1000);
}

static void say_ready(void)
{
	__atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", path);
	close(fd);
}

static void load(struct sock_fprog *program, const char *folder, const char *name)
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

/* The same program but for the data of what it returns */
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

/* The chain up to @row's top filter, which the caller attaches */
static void attach_below(const struct row *row)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
	for (int i = 1; i < row->depth; i++)
		attach(row->below ?: row->top, 0);
}

static pid_t must_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void must_end_well(pid_t pid, const struct row *row)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s: a child ended with status %#x", row->name, status);
}

/* Measure in a child, because a filter cannot be removed. */
static unsigned long in_child(unsigned long (*measure)(const struct row *row), const struct row *row)
{
	pid_t pid = must_fork();

	if (!pid) {
		shared->number = measure(row);
		_exit(0);
	}
	must_end_well(pid, row);
	return shared->number;
}

/* A call */

static unsigned long child_calls(const struct row *row)
{
	if (row->depth) {
		attach_below(row);
		attach(row->top, 0);
	}
	return per_call(row);
}

static unsigned long calls(const struct row *row)
{
	return in_child(child_calls, row);
}

/* An attach */

static unsigned long child_attaches(const struct row *row)
{
	unsigned long began;

	attach_below(row);
	began = now();
	attach(row->top, 0);
	return now() - began;
}

static unsigned long attaches(const struct row *row)
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
		best = least(best, in_child(child_attaches, &own));
		free(program.filter);
	}
	return best;
}

static unsigned long attaches_without_jit(const struct row *row)
{
	unsigned long best;

	put(BPF_JIT, "0");
	best = attaches(row);
	put(BPF_JIT, "1");
	return best;
}

/* An attach that is refused */

static unsigned long child_is_refused(const struct row *row)
{
	unsigned long began;
	unsigned long cost;
	long ret;

	attach_below(row);
	began = now();
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, row->top);
	cost = now() - began;
	if (ret != -1 || errno != EINVAL)
		errx(1, "%s: attached", row->name);
	return cost;
}

/* With @flaw in place of one of its last instructions */
static unsigned long refusals(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < ATTACHES; i++) {
		struct sock_fprog program = own_copy(row->top);
		struct row own = *row;

		program.filter[program.len - row->flaw_from_end] = row->flaw;
		own.top = &program;
		settle();
		best = least(best, in_child(child_is_refused, &own));
		free(program.filter);
	}
	return best;
}

/* A call that is logged */

/* Process @pid is the audit daemon from now on; 0: none is. */
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

/* Reads what is logged until it is told to stop. */
static void audit_daemon(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	struct pollfd input = { .fd = fd, .events = POLLIN };
	char record[9000];

	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		err(1, "audit socket");
	audit_set_pid(fd, getpid());
	say_ready();
	while (!__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST)) {
		while (poll(&input, 1, 10) > 0) {
			if (recv(fd, record, sizeof(record), 0) < 0)
				err(1, "audit record");
		}
	}
	audit_set_pid(fd, 0);
	_exit(0);
}

static unsigned long child_first_call(const struct row *row)
{
	struct timing empty;
	struct timing call;

	attach_below(row);
	attach(row->top, 0);
	loop_empty(row->nr, QUERY, 1, &empty);
	loop_native(row->nr, QUERY, 1, &call);
	return call.time - empty.time;
}

static unsigned long first_calls(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < FIRST_CALLS; i++) {
		printk_again();
		best = least(best, in_child(child_first_call, row));
	}
	return best;
}

static unsigned long logged_calls(const struct row *row)
{
	bool once = row->once && !access(LOGGED_ONCE, W_OK);
	pid_t daemon = 0;
	unsigned long cost;

	/* to the kernel log alone, not to the slow serial line; warnings still go there */
	put(CONSOLE, "5");
	put(PRINTK_LIMIT, row->printed ? "0" : "5");
	put(LOGGED, row->quiet ? "kill_process" : "kill_process log");
	if (once)
		put(LOGGED_ONCE, "log");
	if (row->daemon) {
		shared->ready = 0;
		shared->stop = 0;
		daemon = must_fork();
		if (!daemon)
			audit_daemon();
		await(1);
	}
	printk_again();
	cost = row->first ? first_calls(row) : calls(row);
	settle();
	if (row->daemon) {
		__atomic_store_n(&shared->stop, 1, __ATOMIC_SEQ_CST);
		must_end_well(daemon, row);
	}
	if (once)
		put(LOGGED_ONCE, " ");
	put(PRINTK_LIMIT, "5");
	put(CONSOLE, "7");
	return cost;
}

/* A child that does nothing */

static unsigned long child_forks(const struct row *row)
{
	unsigned long best = ULONG_MAX;

	attach_below(row);
	attach(row->top, 0);
	for (int i = 0; i < FORKS; i++) {
		unsigned long began = now();
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (waitpid(pid, NULL, 0) != pid)
			err(1, "fork");
		best = least(best, now() - began);
	}
	return best;
}

static unsigned long forks(const struct row *row)
{
	return in_child(child_forks, row);
}

/* A call that a supervisor in another process answers */

static unsigned long child_asks(const struct row *row)
{
	attach_below(row);
	shared->listener = attach(row->top, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	say_ready();
	await(2);
	return per_call(row);
}

static unsigned long answers(const struct row *row)
{
	struct seccomp_notif_resp answer;
	struct seccomp_notif call;
	pid_t pid;
	int process;
	int fd;

	shared->ready = 0;
	pid = must_fork();
	if (!pid) {
		shared->number = child_asks(row);
		_exit(0);
	}
	await(1);
	process = syscall(SYS_pidfd_open, pid, 0);
	fd = syscall(SYS_pidfd_getfd, process, shared->listener, 0);
	if (fd < 0)
		err(1, "listener");
	if (row->sync)
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	say_ready();
	for (int i = 0; i < CALLS * BATCHES; i++) {
		memset(&call, 0, sizeof(call));
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call))
			err(1, "RECV");
		memset(&answer, 0, sizeof(answer));
		answer.id = call.id;
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer))
			err(1, "SEND");
	}
	close(fd);
	close(process);
	must_end_well(pid, row);
	return shared->number;
}

/* Memory for a filter, in bytes */

/*
 * What the kernel has for itself. Not MemFree: it leaves out what waits on a
 * processor's list for its next use.
 */
static long memory_used(void)
{
	static const char * const fields[] = { "\nSlab:", "\nVmallocUsed:", "\nPercpu:" };
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	char text[4096] = "";
	long sum = 0;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		err(1, "meminfo");
	close(fd);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		char *field = strstr(text, fields[i]);

		if (!field)
			errx(1, "meminfo: no %s", fields[i] + 1);
		sum += atol(field + strlen(fields[i]));
	}
	return sum * 1024;
}

static unsigned long memory(const struct row *row)
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
		pids[i] = must_fork();
		if (pids[i])
			continue;
		attach_below(row);
		say_ready();
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		attach(row->top, 0);
		say_ready();
		for (;;)
			pause();
	}
	await(all);
	/* one after the other: what they need in between is not what they keep */
	for (int i = 0; i < all; i++) {
		if (i == TASKS_BEFORE) {
			settle();
			before = memory_used();
		}
		if (write(go[1], &byte, 1) != 1)
			err(1, "pipe");
		await(all + i + 1);
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

/* Filters until the chain is too long: first @top, then what @next makes */
static unsigned long chain_memory(const struct row *row)
{
	unsigned long number = 0;
	long before, after;
	int go[2];
	char byte = 0;
	pid_t pid;

	shared->ready = 0;
	if (pipe(go))
		err(1, "pipe");
	pid = must_fork();
	if (!pid) {
		attach_below(row);
		say_ready();
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
		say_ready();
		for (;;)
			pause();
	}
	await(1);
	settle();
	before = memory_used();
	if (write(go[1], &byte, 1) != 1)
		err(1, "pipe");
	await(2);
	settle();
	after = memory_used();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(go[0]);
	close(go[1]);
	return (after - before) / shared->number;
}

/* Another errno for each number */
static struct sock_fprog many_errnos(void)
{
	enum { NUMBERS = 540 };
	static struct sock_filter insns[2 + 2 * NUMBERS];
	static struct sock_fprog program = { .filter = insns };
	struct sock_filter *insn = insns;

	*insn++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					       offsetof(struct seccomp_data, nr));
	/* the numbers of x32, of which the process uses none */
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

/* The same for all */
static struct sock_fprog next_log(unsigned long number)
{
	static struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG);

	(void)number;
	return (struct sock_fprog){ 1, &insn };
}

/* Another one each time, which looks at an argument of a call that is not made */
static struct sock_fprog next_looks(unsigned long number)
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

/* Another one each time, whose answers are constant */
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

#define ALLOW		.measure = calls, .nr = SYS_getppid
#define ARGUMENT	.measure = calls, .nr = SYS_personality
#define ERRNO		.measure = calls, .nr = SYS_uselib, .result = -EPERM
#define LOG		.measure = logged_calls, .top = &five_log, .depth = 1, .nr = SYS_getppid
#define ATTACH		.measure = attaches, .own = true
#define REFUSE		.measure = refusals
#define NO_RETURN	BPF_STMT(BPF_LD | BPF_IMM, 0)
#define BAD_LOAD	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2)
#define BAD_JUMP	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0)
#define NOTIFY		.measure = answers, .top = &five_notify, .nr = SYS_getppid

static const struct row rows[] = {
	{ "native", ALLOW },
	{ "allow", ALLOW, .top = &linear, .depth = 1 },
	{ "allow-20", ALLOW, .top = &five_allow, .depth = 20 },
	{ "allow-i386", .measure = calls, .nr = GETPPID_I386, .loop = loop_i386,
	  .top = &linear, .depth = 1 },
	{ "allow-x32", .measure = calls, .nr = SYS_getppid | X32,
	  .top = &linear, .depth = 1 },
	{ "argument", ARGUMENT, .top = &linear, .depth = 1 },
	{ "argument-tree", ARGUMENT, .top = &tree, .depth = 1 },
	{ "argument-20", ARGUMENT, .top = &linear, .below = &plain, .depth = 20 },
	{ "argument-20-all", ARGUMENT, .top = &linear, .depth = 20 },
	{ "errno", ERRNO, .top = &linear, .depth = 1 },
	{ "errno-20", ERRNO, .top = &linear, .depth = 20 },
	{ "log-unlogged", .measure = logged_calls, .nr = SYS_uselib, .result = -ENOSYS,
	  .top = &deflog, .depth = 1, .quiet = true },
	{ "log-unlogged-5", LOG, .quiet = true },
	{ "log", LOG },
	{ "log-printed", LOG, .printed = true },
	{ "log-daemon", LOG, .daemon = true },
	{ "log-once-first", LOG, .once = true, .first = true },
	{ "log-once", LOG, .once = true },
	{ "attach", ATTACH, .top = &linear, .depth = 1 },
	{ "attach-tree", ATTACH, .top = &tree, .depth = 1 },
	{ "attach-no-jit", .measure = attaches_without_jit, .own = true,
	  .top = &linear, .depth = 1 },
	{ "attach-same", .measure = attaches, .top = &linear, .depth = 1 },
	{ "attach-same-20", .measure = attaches, .top = &linear, .depth = 20 },
	{ "attach-5", ATTACH, .top = &five_log, .depth = 1 },
	{ "attach-5-20", ATTACH, .top = &five_log, .depth = 20 },
	{ "refuse", REFUSE, .top = &linear, .flaw = NO_RETURN, .flaw_from_end = 1 },
	{ "refuse-load", REFUSE, .top = &linear, .flaw = BAD_LOAD, .flaw_from_end = 2 },
	{ "refuse-tree", REFUSE, .top = &tree, .flaw = BAD_JUMP, .flaw_from_end = 2 },
	{ "refuse-5", REFUSE, .top = &five_log, .flaw = NO_RETURN, .flaw_from_end = 1 },
	{ "refuse-load-5", REFUSE, .top = &five_log, .flaw = BAD_LOAD, .flaw_from_end = 2 },
	{ "fork-20", .measure = forks, .top = &five_allow, .depth = 20 },
	{ "notify", NOTIFY },
	{ "notify-sync", NOTIFY, .sync = true },
	/* last, since it leaves the allocators in another state */
	{ "memory", .measure = memory, .top = &linear },
	{ "memory-chain", .measure = chain_memory, .top = &errnos, .next = next_log },
	{ "memory-chain-errno", .measure = chain_memory, .top = &errnos, .next = next_errno },
	{ "memory-chain-looks", .measure = chain_memory, .top = &errnos, .next = next_looks },
};

/*
 * Filters of a process that stays: the memory for compiled programs is there,
 * and so are programs to share.
 */
static pid_t hold(void)
{
	pid_t pid = must_fork();

	if (!pid) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		attach(&linear, 0);
		attach(&tree, 0);
		say_ready();
		for (;;)
			pause();
	}
	await(1);
	return pid;
}

static bool wanted(const char *name, char **patterns)
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
	load(&linear, argv[1], "linear");
	load(&tree, argv[1], "tree");
	load(&deflog, argv[1], "deflog");
	load(&plain, argv[1], "plain");
	errnos = many_errnos();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");

	holder = hold();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!wanted(rows[i].name, argv + 2))
			continue;
		settle();
		printf("%s\t%lu\n", rows[i].name, rows[i].measure(&rows[i]));
		fflush(stdout);
	}
	kill(holder, SIGKILL);
	return 0;
}
