// SPDX-License-Identifier: GPL-2.0
/*
 * Measures seccomp at its limits, inside the guest. Usage: `limits [SCALE
 * [PATTERN...]]`: all numbers of tasks, listeners and programs are divided by
 * SCALE. With patterns only the subjects are measured whose names match one.
 *
 * Prints a line for each figure: its name, a tab, and a number of instructions,
 * bytes or pieces. After each subject `SUBJECT-left` is the memory that has not
 * come back. Ends with status 1 as soon as something has another result than it
 * must have.
 */
#include "common.h"

#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "audit.h"
#include "crowd.h"

/* What seccomp accepts in a chain, and what each filter but the first counts */
#define CHAIN_MAX	32768
#define FILTER_EXTRA	4
/* The numbers of a scale of 1 */
#define TASKS		10000
#define LISTENERS	1000
#define PROGRAM_TASKS	2000
#define PROGRAMS_EACH	50
#define LOGGING		10000

#define CALLS		10
#define BATCHES		20
#define ATTACHES	5
/* Memory comes back late: what is freed after grace periods, or was logged, in 5 s. */
#define SETTLE_S	6
#define SETTLES_MAX	10
#define LEFT_MAX	(256 << 10)
/* What audit may queue, and a wait in jiffies, longer than a task ever waits */
#define BACKLOG		8192
#define BACKLOG_WAIT	6000

/* For a first argument that is a program's key, it refuses the call. */
#define REFUSED		E2BIG
#define KEY(number)	(0x20000000u + (number) * (BPF_MAXINSNS / 2))
/* The answer of the supervisor to a task */
#define ANSWER(number)	(100000 + (number))

static int scale = 1;
/* A subject is measured twice. The first time the allocators fill their caches. */
static bool warm_up;
/* Is this our kernel? The base has no such file. */
static bool ours;

/* The listeners of tasks, in memory that all share */
static int *listeners;

static void figure(const char *subject, const char *what, unsigned long number)
{
	if (warm_up)
		return;
	printf("%s-%s\t%ld\n", subject, what, (long)number);
	fflush(stdout);
}

static int scaled(int number)
{
	number /= warm_up ? 100 * scale : scale;
	return number ?: 1;
}

/* Give back what caches keep, and return the memory that the kernel uses. */
static long memory(void)
{
	static glob_t caches;

	if (!caches.gl_pathc)
		glob("/sys/kernel/slab/*/shrink", 0, NULL, &caches);
	sleep(warm_up ? 0 : SETTLE_S);
	/* 4: without a message each time */
	write_file("/proc/sys/vm/drop_caches", "6");
	for (size_t i = 0; i < caches.gl_pathc; i++)
		write_file(caches.gl_pathv[i], "1");
	return memory_used();
}

/* Programs. Only one of them is used at a time. */

static struct sock_filter insns[BPF_MAXINSNS];

static struct sock_fprog program_end(struct sock_filter *insn)
{
	*insn++ = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return (struct sock_fprog){ .len = insn - insns, .filter = insns };
}

/* Two instructions that refuse the call if the accumulator is @key */
static void compare(struct sock_filter *insn, unsigned int key)
{
	insn[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, key, 0, 1);
	insn[1] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | REFUSED);
}

/*
 * @len instructions that compare the first argument of every call with KEY(@number)
 * and the following ones, one after the other. An argument of 0 passes them all.
 */
static struct sock_fprog comparisons(int len, int number)
{
	struct sock_filter *insn = insns;
	struct sock_filter *end = insns + len - 1;
	unsigned int key = KEY(number);

	for (; insn < end && (insn == insns || (end - insn) % 2); insn++)
		*insn = (struct sock_filter)LOAD_LOW(args[0]);
	for (; insn < end; insn += 2)
		compare(insn, key++);
	return program_end(end);
}

/*
 * The largest program, of what costs an analysis most: nearly all calls reach nearly
 * all instructions. Single bits of the number decide between paths that meet again,
 * for which each call has to be looked at; scratch memory is written on one of them
 * and read behind both; a long row of comparisons of an argument has a return after
 * each. The program refuses KEY(0) and the following ones, but for the first of each
 * row, which a larger argument than the number passes by.
 */
static struct sock_fprog worst_program(void)
{
	struct sock_filter *insn = insns;
	unsigned int key = KEY(0);

	/* none may be read that was not written on all paths */
	for (int i = 0; i < BPF_MEMWORDS; i++)
		*insn++ = (struct sock_filter)BPF_STMT(BPF_ST, i);
	for (int b = 0; insn + 16 < insns + BPF_MAXINSNS; b++) {
		const struct sock_filter block[] = {
			LOAD(nr),
			BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1u << (b % 9), 1, 0),
			BPF_STMT(BPF_ST, b % BPF_MEMWORDS),
			BPF_STMT(BPF_LDX | BPF_MEM, b % BPF_MEMWORDS),
			LOAD_LOW(args[0]),
			BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 2, 0),
		};

		memcpy(insn, block, sizeof(block));
		insn += ARRAY_SIZE(block);
		for (int i = 0; i < 5; i++, insn += 2)
			compare(insn, key++);
	}
	while (insn < insns + BPF_MAXINSNS - 1)
		*insn++ = (struct sock_filter)LOAD(nr);
	return program_end(insn);
}

/* Refuses the test call if its first argument is KEY(@number). */
static struct sock_fprog look(int number)
{
	const struct sock_filter all[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 0, 3),
		LOAD_LOW(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, KEY(number), 0, 1),
		RETURN(SECCOMP_RET_ERRNO | REFUSED),
	};

	memcpy(insns, all, sizeof(all));
	return program_end(insns + ARRAY_SIZE(all));
}

/* @action for the test call, whatever its arguments */
static struct sock_fprog constant_program(unsigned int action)
{
	const struct sock_filter all[] = {
		LOAD(nr),
		RETURN_IF_NR(TEST_NR, action),
	};

	memcpy(insns, all, sizeof(all));
	return program_end(insns + ARRAY_SIZE(all));
}

/* Filters and calls */

/* Returns what seccomp(2) returns, or -errno. *@time is set to how long it took. */
static int try_attach(struct sock_fprog program, unsigned int flags, unsigned long *time)
{
	unsigned long start = now();
	int ret = seccomp(SECCOMP_SET_MODE_FILTER, flags, &program);

	if (time)
		*time = now() - start;
	return ret < 0 ? -errno : ret;
}

static int must_attach(struct sock_fprog program, unsigned int flags, unsigned long *time)
{
	int ret = try_attach(program, flags, time);

	if (ret < 0)
		fail("attach: %s", strerror(-ret));
	return ret;
}

static void may_attach(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "no_new_privs");
}

static long test_call(unsigned int argument)
{
	return raw_syscall(TEST_NR, argument, 0, 0, 0, 0, 0);
}

static void check_call(unsigned int argument, long result)
{
	long ret = test_call(argument);

	if (ret != result)
		fail("a call with %#x returned %ld instead of %ld", argument, ret, result);
}

/* The cost of a call that all filters allow */
static unsigned long per_call(void)
{
	unsigned long best = ULONG_MAX;

	for (int i = 0; i < BATCHES; i++) {
		unsigned long start = now();

		for (int j = 0; j < CALLS; j++)
			test_call(0);
		best = min_time(best, now() - start);
	}
	return best / CALLS;
}

/* A chain of the largest length, of filters of @len instructions */

/*
 * The length of the next filter, if @used instructions are: so that the last one
 * fills the chain.
 */
static int next_length(int len, int used)
{
	int rest = CHAIN_MAX - used;

	if (rest < len || (rest - len <= FILTER_EXTRA && rest <= BPF_MAXINSNS))
		return rest;
	return len;
}

static void measure_chain(const char *name, int len)
{
	unsigned long time = 0, last = 0, refusal = ULONG_MAX;
	const long parent = test_call(0);
	int given = 0, filters = 0;
	int extra = 0, part = len;
	long before = memory();

	may_attach();
	while (part > 0) {
		struct sock_fprog program = comparisons(part, filters);
		int ret = try_attach(program, 0, &time);

		if (ret && ret != -ENOMEM)
			fail("%s: filter %d: %s", name, filters, strerror(-ret));
		if (ret) {
			/* another kernel may count more */
			part /= 2;
			continue;
		}
		if (part == len)
			last = time;
		given += part;
		extra = filters++ * FILTER_EXTRA;
		if (warm_up && given >= 2 * BPF_MAXINSNS)
			return;
		part = next_length(part, given + extra + FILTER_EXTRA);
	}
	figure(name, "instructions", given + extra);
	figure(name, "filters", filters);
	figure(name, "last", last);
	figure(name, "memory", memory() - before);
	if (given + extra > CHAIN_MAX || (ours && given + extra != CHAIN_MAX))
		fail("%s: %d instructions were accepted", name, given + extra);

	for (int i = 0; i < ATTACHES; i++) {
		int ret = try_attach(comparisons(len, filters), 0, &time);

		if (ret != -ENOMEM)
			fail("%s: one more: %s", name, ret ? strerror(-ret) : "accepted");
		refusal = min_time(refusal, time);
	}
	figure(name, "refusal", refusal);

	check_call(0, parent);
	check_call(KEY(0), -REFUSED);
	/* the last one may be too short to look at an argument */
	check_call(KEY(filters / 2), -REFUSED);
	check_call(KEY(filters), parent);
	figure(name, "call", per_call());
}

static void long_chain(const char *name)
{
	measure_chain(name, BPF_MAXINSNS);
}

static void short_chain(const char *name)
{
	measure_chain(name, 4);
}

/* Many tasks under one filter */

static void filtered_task(int number)
{
	(void)number;
	check_call(KEY(0), -REFUSED);
	crowd_done();
	crowd_wait(0);
}

static void measure_tasks(const char *name)
{
	struct crowd crowd = { .nr = scaled(TASKS) };
	unsigned long start;
	long before;

	may_attach();
	must_attach(look(0), 0, NULL);
	before = memory();
	figure(name, "start", crowd_start(&crowd, filtered_task) / crowd.nr);
	figure(name, "memory", (memory() - before) / crowd.nr);
	start = now();
	crowd_go(&crowd, 0);
	crowd_end(&crowd);
	figure(name, "exit", (now() - start) / crowd.nr);
}

/* Many listeners, each of a chain of its own */

static void listened_task(int number)
{
	const struct sock_fprog program = constant_program(SECCOMP_RET_USER_NOTIF);

	may_attach();
	crowd_done();
	crowd_wait(0);
	listeners[number] = must_attach(program, SECCOMP_FILTER_FLAG_NEW_LISTENER, NULL);
	crowd_done();
	crowd_wait(1);
	check_call(0, ANSWER(number));
	crowd_done();
	crowd_wait(2);
	/* the supervisor has gone */
	check_call(0, -ENOSYS);
}

static void answer(int number)
{
	struct seccomp_notif_resp resp = { .val = ANSWER(number) };
	struct seccomp_notif notif = { 0 };

	if (ioctl(listeners[number], SECCOMP_IOCTL_NOTIF_RECV, &notif))
		fail("listener %d: RECV: %s", number, strerror(errno));
	if (notif.data.nr != TEST_NR)
		fail("listener %d: a call of %d", number, notif.data.nr);
	resp.id = notif.id;
	if (ioctl(listeners[number], SECCOMP_IOCTL_NOTIF_SEND, &resp))
		fail("listener %d: SEND: %s", number, strerror(errno));
}

/* Answer one call at each listener. */
static void answer_all(int epoll, int nr)
{
	struct epoll_event events[64];

	for (int left = nr; left > 0;) {
		int ready = epoll_wait(epoll, events, ARRAY_SIZE(events), AUDIT_TIMEOUT_MS);

		if (ready <= 0)
			fail("%d of %d calls never came", left, nr);
		for (int i = 0; i < ready; i++) {
			if (events[i].events != EPOLLIN)
				continue;	/* it can be answered, not received */
			answer(events[i].data.u32);
			left--;
		}
	}
}

static void measure_listeners(const char *name)
{
	struct crowd crowd = { .nr = scaled(LISTENERS), .one_table = true };
	const struct rlimit files = { 2 * LISTENERS, 2 * LISTENERS };
	int epoll = epoll_create1(0);
	unsigned long start;
	long before;

	if (epoll < 0 || setrlimit(RLIMIT_NOFILE, &files))
		err(1, "listeners");
	/* a table that grows while tasks share it waits for grace periods */
	if (dup2(epoll, 2 * LISTENERS - 1) < 0 || close(2 * LISTENERS - 1))
		err(1, "table of files");
	crowd_start(&crowd, listened_task);
	before = memory();
	figure(name, "attach", crowd_step(&crowd, 0) / crowd.nr);
	figure(name, "memory", (memory() - before) / crowd.nr);

	for (int i = 0; i < crowd.nr; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

		if (epoll_ctl(epoll, EPOLL_CTL_ADD, listeners[i], &event))
			err(1, "epoll");
	}
	start = now();
	crowd_go(&crowd, 1);
	answer_all(epoll, crowd.nr);
	crowd_await(&crowd);
	figure(name, "answer", (now() - start) / crowd.nr);
	close(epoll);

	start = now();
	for (int i = 0; i < crowd.nr; i++)
		if (close(listeners[i]))
			err(1, "listener %d", i);
	figure(name, "close", (now() - start) / crowd.nr);
	crowd_go(&crowd, 2);
	crowd_end(&crowd);
}

/* Many distinct programs */

static void programs_task(int number)
{
	const int first = number * PROGRAMS_EACH;
	const long parent = test_call(0);

	may_attach();
	crowd_done();
	crowd_wait(0);
	for (int i = 0; i < PROGRAMS_EACH; i++)
		must_attach(look(first + i), 0, NULL);
	crowd_done();
	crowd_wait(1);
	for (int i = 0; i < PROGRAMS_EACH; i++)
		check_call(KEY(first + i), -REFUSED);
	check_call(KEY(first + PROGRAMS_EACH), parent);
	crowd_done();
	crowd_wait(2);
}

static void measure_programs(const char *name)
{
	struct crowd crowd = { .nr = scaled(PROGRAM_TASKS) };
	const int programs = crowd.nr * PROGRAMS_EACH;
	unsigned long start;
	long before;

	crowd_start(&crowd, programs_task);
	before = memory();
	figure(name, "attach", crowd_step(&crowd, 0) / programs);
	figure(name, "memory", (memory() - before) / programs);
	crowd_step(&crowd, 1);
	start = now();
	crowd_go(&crowd, 2);
	crowd_end(&crowd);
	figure(name, "release", (now() - start) / programs);
}

/* The program that is worst for an analysis */

static void measure_worst(const char *name)
{
	const struct sock_fprog program = worst_program();
	const long parent = test_call(0);
	unsigned long time;
	long before;

	may_attach();
	before = memory();
	must_attach(program, 0, &time);
	figure(name, "attach", time);
	figure(name, "memory", memory() - before);
	check_call(KEY(0), parent);
	check_call(KEY(0) + 1, -REFUSED);
	check_call(KEY(0) + 5 * 200 + 1, -REFUSED);
	check_call(0, parent);
	figure(name, "call", per_call());
}

/* Many filters that have logged end at once. */

struct logged {
	unsigned long long filter;
	bool in_log;	/* its summary */
};

/* The filters in the log, in the order of their ids when all are there */
struct logs {
	struct logged *filters;
	int nr;
	int summaries;
};

static void logging_task(int number)
{
	(void)number;
	may_attach();
	must_attach(constant_program(SECCOMP_RET_LOG), SECCOMP_FILTER_FLAG_LOG, NULL);
	crowd_done();
	crowd_wait(0);
	test_call(0);
	crowd_done();
	crowd_wait(1);
}

static int compare_filters(const void *a, const void *b)
{
	unsigned long long one = ((const struct logged *)a)->filter;
	unsigned long long other = ((const struct logged *)b)->filter;

	return one < other ? -1 : one > other;
}

static void check_error(long long error, const char *what)
{
	if (error < 0)
		fail("%s: %s", what, strerror(-error));
}

/* A record of a call; each filter has one. */
static void add_call(struct logs *logs, const char *text)
{
	const char *filter = strstr(text, " filter=");

	if (!filter || !strstr(text, " seq=1"))
		fail("not the first record of a filter: %s", text);
	logs->filters[logs->nr++].filter = strtoull(filter + 8, NULL, 16);
}

static void add_summary(struct logs *logs, const char *text)
{
	struct logged key = { 0 }, *found;
	int used = 0;

	if (sscanf(text,
		   "op=seccomp-filter-gone filter=%llx logged=1 left-out=0 lost=0 part=1/1 arch=%*x syscalls=%*u%n",
		   &key.filter, &used) != 1 || !used || text[used])
		fail("not the summary of one call: %s", text);
	found = bsearch(&key, logs->filters, logs->nr, sizeof(key), compare_filters);
	/* it is written again if audit may have lost it */
	if (!found || found->in_log)
		return;
	found->in_log = true;
	logs->summaries++;
}

/* Read the next record. Returns false if none comes any more. */
static bool read_record(struct audit *audit, struct logs *logs)
{
	struct audit_text record;
	int error = audit_next_record(audit, &record, AUDIT_TIMEOUT_MS);

	if (error == -ETIMEDOUT)
		return false;
	check_error(error, "log");
	if (record.type == AUDIT_SECCOMP)
		add_call(logs, record.text);
	else if (!strncmp(record.text, "op=seccomp-filter-gone ", 23))
		add_summary(logs, record.text);
	return true;
}

static void measure_closing(const char *name)
{
	struct crowd crowd = { .nr = scaled(LOGGING) };
	struct logs logs = { .filters = calloc(crowd.nr, sizeof(*logs.filters)) };
	struct audit audit;
	unsigned long start;
	long long lost;
	int missing;

	if (!ours)
		return;
	if (!logs.filters)
		err(1, "calloc");
	check_error(audit_open(&audit), "audit");
	check_error(audit_set_limits(&audit, BACKLOG, BACKLOG_WAIT, 0), "audit's limits");
	lost = audit_lost(&audit);
	check_error(lost, "audit's status");

	crowd_start(&crowd, logging_task);
	crowd_go(&crowd, 0);
	while (logs.nr < crowd.nr && read_record(&audit, &logs))
		;
	crowd_await(&crowd);
	qsort(logs.filters, logs.nr, sizeof(*logs.filters), compare_filters);
	/* also those about who attached the filters, which come later */
	check_error(audit_collect(&audit, 0, NULL, 0), "log");
	settle();

	start = now();
	crowd_go(&crowd, 1);
	while (logs.summaries < logs.nr && read_record(&audit, &logs))
		;
	figure(name, "end", (now() - start) / crowd.nr);
	crowd_end(&crowd);

	lost = audit_lost(&audit) - lost;
	missing = crowd.nr - logs.summaries;
	figure(name, "summaries", logs.summaries);
	figure(name, "lost", lost);
	if (missing > lost)
		fail("%d summaries are not in the log, and %lld records lost", missing, lost);
	audit_close(&audit);
	free(logs.filters);
}

static const struct subject {
	const char *name;
	void (*measure)(const char *name);
} subjects[] = {
	{ "long-chain", long_chain },
	{ "short-chain", short_chain },
	{ "worst", measure_worst },
	{ "tasks", measure_tasks },
	{ "listeners", measure_listeners },
	{ "programs", measure_programs },
	{ "closing", measure_closing },
};

/*
 * Has a filter all the time: the chunks in which the first compiled program and its
 * counters are allocated are then not counted.
 */
static void holding_task(int number)
{
	(void)number;
	may_attach();
	must_attach(look(PROGRAM_TASKS * PROGRAMS_EACH), 0, NULL);
	crowd_done();
	crowd_wait(0);
}

/* In a child, since a filter cannot be detached */
static void measure(const struct subject *subject)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		subject->measure(subject->name);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(1, "fork");
	if (status)
		errx(1, "%s: failed", subject->name);
}

static void measure_left(const struct subject *subject, long before)
{
	long left = memory() - before;

	for (int i = 0; i < SETTLES_MAX && left > LEFT_MAX; i++)
		left = memory() - before;
	figure(subject->name, "left", left);
}

static bool wanted(const char *name, char **patterns)
{
	for (int i = 0; patterns[i]; i++)
		if (!fnmatch(patterns[i], name, 0))
			return true;
	return !*patterns;
}

int main(int argc, char **argv)
{
	struct crowd holder = { .nr = 1 };

	if (argc > 1)
		scale = atoi(argv[1]);
	if (scale < 1)
		errx(2, "usage: limits [SCALE [PATTERN...]]");
	ours = !access(LOGGED_ONCE, F_OK);
	listeners = mmap(NULL, LISTENERS * sizeof(*listeners), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (listeners == MAP_FAILED)
		err(1, "mmap");

	crowd_start(&holder, holding_task);
	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		long before;

		if (!wanted(subjects[i].name, argc > 2 ? argv + 2 : argv + argc))
			continue;
		warm_up = true;
		measure(&subjects[i]);
		warm_up = false;
		before = memory();
		measure(&subjects[i]);
		measure_left(&subjects[i], before);
	}
	crowd_go(&holder, 0);
	crowd_end(&holder);
	return 0;
}
