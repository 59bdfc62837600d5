// SPDX-License-Identifier: GPL-2.0
/*
 * A worker: it makes one sequence of operations after the other, each in a child,
 * since filters cannot be detached. The seed, the worker and the number of the
 * sequence decide which operations these are.
 */
#include "load.h"

#include <assert.h>
#include <poll.h>
#include <sys/resource.h>

static const struct operation {
	const char *name;
	unsigned int weight;
	/* All processes of it must end by themselves before the next one. */
	bool in_child;
	void (*make)(void);
} operations[] = {
	{ "attach", 12, false, op_attach },
	{ "call", 12, false, op_call },
	{ "chain", 8, true, op_chain },
	{ "fork", 10, true, op_fork },
	{ "exec", 8, true, op_exec },
	{ "threads", 12, true, op_threads },
	{ "strict", 3, true, op_strict },
	{ "proc", 3, true, op_proc },
	{ "notify", 14, true, op_notify },
	{ "trace", 12, true, op_trace },
	{ "memory", 2, true, op_memory },
};

static_assert(ARRAY_SIZE(operations) <= OPERATIONS_MAX, "the counts have room");

const char *operation_name(unsigned int index)
{
	return index < ARRAY_SIZE(operations) ? operations[index].name : NULL;
}

static void on_sigsys(int sig)
{
}

/*
 * Make an operation in a child, and wait for all of its processes: they have the
 * pipe, also after exec.
 */
static void make_in_child(const struct operation *operation)
{
	int alive[2];
	char byte;
	pid_t pid;

	if (pipe(alive))
		return;
	pid = fork();
	if (!pid) {
		close(alive[0]);
		operation->make();
		_exit(0);
	}
	close(alive[1]);
	while (read(alive[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(alive[0]);
	wait_child(pid);
}

static unsigned int pick(void)
{
	unsigned int sum = 0, at, i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		sum += operations[i].weight;
	at = rnd(sum);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	return i;
}

static void make_sequence(unsigned int worker, uint64_t sequence, bool prints)
{
	const struct rlimit none = { 0, 0 };
	struct sigaction action = { .sa_handler = on_sigsys };
	char name[16];
	int nr;

	/* which sequence a report of the kernel is about */
	snprintf(name, sizeof(name), "load %u %u", worker, (unsigned int)sequence);
	prctl(PR_SET_NAME, name);
	setrlimit(RLIMIT_CORE, &none);
	sigaction(SIGSYS, &action, NULL);
	rnd_start(config.seed, worker, sequence);
	nr = 1 + rnd(8);
	for (int i = 0; i < nr; i++) {
		unsigned int index;

		/* what happened before does not change which one is next */
		rnd_start(config.seed ^ i, worker, sequence);
		index = pick();
		if (prints)
			fprintf(stderr, "%u %llu %s\n", worker,
				(unsigned long long)sequence, operations[index].name);
		count_one(&shared->operations[index]);
		if (operations[index].in_child)
			make_in_child(&operations[index]);
		else
			operations[index].make();
	}
}

/* Start a sequence in a process group of its own. */
static pid_t start(unsigned int worker, uint64_t sequence, bool prints)
{
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		make_sequence(worker, sequence, prints);
		_exit(0);
	}
	if (pid > 0)
		setpgid(pid, pid);
	return pid;
}

/* Kill what is left of a group and wait for it. Returns the status of @pid. */
static int end_group(pid_t pid)
{
	int status, first = -1;
	pid_t ended;

	kill(-pid, SIGKILL);
	while ((ended = waitpid(-pid, &status, __WALL)) > 0 || errno == EINTR)
		if (ended == pid)
			first = status;
	return first;
}

/*
 * Wait for the end of a process, also when the load is to stop: a task that is stuck
 * must be seen. Returns false if it did not end in time.
 */
static bool await_end(pid_t pid)
{
	int fd = syscall(__NR_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	bool in_time;

	if (fd < 0)
		return true;
	in_time = poll(&ended, 1, SEQUENCE_MS);
	close(fd);
	return in_time;
}

int work_once(unsigned int worker, uint64_t sequence)
{
	pid_t pid;
	bool ended;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = start(worker, sequence, true);
	if (pid < 0)
		return -1;
	ended = await_end(pid);
	if (!ended)
		stuck_show(getpid());
	return end_group(pid);
}

/* A process that is left behind, outside of its group */
static void leave_behind(void)
{
	int fd;

	if (fork())
		return;
	setsid();
	fd = attach_for(NOTIFY_NR, SECCOMP_RET_USER_NOTIF,
			SECCOMP_FILTER_FLAG_NEW_LISTENER);
	if (fd >= 0)
		raw_syscall(NOTIFY_NR, 0, 0, 0, 0, 0, 0);
	_exit(0);
}

void work(unsigned int worker)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!worker && strstr(config.faults, "listener"))
		leave_behind();
	for (uint64_t sequence = 0; !pause_ms(0); sequence++) {
		pid_t pid = start(worker, sequence, false);
		int status;

		if (pid < 0)
			continue;
		if (!await_end(pid)) {
			count_one(&shared->overdue);
			printf("# sequence %u:%llu has not ended\n", worker,
			       (unsigned long long)sequence);
			stuck_show(getpid());
		}
		status = end_group(pid);
		count_one(&shared->sequences);
		if (WIFSIGNALED(status))
			count_one(&shared->killed);
	}
}
