/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A crowd: many tasks that do the same step by step. The process that creates
 * them waits until all have done a step, and then lets all do the next one. No
 * task depends on a system call but read(2), write(2) and exit_group(2).
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "measure.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define CROWD_STEPS	3
/* After this time it is looked whether a task was killed. */
#define CROWD_LOOK_MS	10000

struct crowd {
	int nr;
	bool one_table;		/* all have the creator's table of files */
	pid_t *pids;
	int done[2];		/* each task writes a byte after each step */
	int go[CROWD_STEPS][2];	/* closed when a step may begin */
};

/* The crowd that this task is in */
static const struct crowd *crowd_of_task;

/* End in an error, of which a creator learns. */
static void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarnx(format, args);
	va_end(args);
	if (crowd_of_task && write(crowd_of_task->done[1], "!", 1) != 1)
		warn("pipe");
	_exit(1);
}

/* For a task: a step is done. */
static inline void crowd_done(void)
{
	if (write(crowd_of_task->done[1], "", 1) != 1)
		fail("pipe");
}

/* For a task: wait until a step may begin. */
static inline void crowd_wait(int step)
{
	char byte;

	if (read(crowd_of_task->go[step][0], &byte, 1))
		fail("pipe");
}

/* Has a task ended, though it has not done all steps? Nobody else would say so. */
static inline bool crowd_task_ended(void)
{
	siginfo_t info = { .si_pid = 0 };

	return !waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid;
}

/* Wait until all tasks have done a step. */
static inline void crowd_await(const struct crowd *crowd)
{
	struct pollfd done = { .fd = crowd->done[0], .events = POLLIN };
	char bytes[1024];
	int nr = 0;

	while (nr < crowd->nr) {
		ssize_t len;

		if (!poll(&done, 1, CROWD_LOOK_MS)) {
			if (crowd_task_ended())
				fail("a task was killed");
			continue;
		}
		len = read(crowd->done[0], bytes, sizeof(bytes));
		if (len <= 0)
			fail("pipe");
		for (ssize_t i = 0; i < len; i++)
			if (bytes[i])
				_exit(1);	/* the task has printed why */
		nr += len;
	}
}

/* Let all tasks begin a step. */
static inline void crowd_go(const struct crowd *crowd, int step)
{
	close(crowd->go[step][1]);
}

/* The same, until all have done it. Returns how long it took. */
static inline unsigned long crowd_step(const struct crowd *crowd, int step)
{
	unsigned long start = now();

	crowd_go(crowd, step);
	crowd_await(crowd);
	return now() - start;
}

static inline void crowd_task(const struct crowd *crowd, void (*task)(int number),
			      int number)
{
	crowd_of_task = crowd;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int step = 0; step < CROWD_STEPS && !crowd->one_table; step++)
		close(crowd->go[step][1]);
	task(number);
	_exit(0);
}

/*
 * Create @crowd->nr tasks. Each calls @task with its number, and exits when that
 * returns. The first step is done when this returns, with the time it took.
 */
static inline unsigned long crowd_start(struct crowd *crowd, void (*task)(int number))
{
	long flags = SIGCHLD | (crowd->one_table ? CLONE_FILES : 0);
	unsigned long start;

	crowd->pids = calloc(crowd->nr, sizeof(*crowd->pids));
	if (!crowd->pids || pipe(crowd->done))
		err(1, "crowd");
	for (int step = 0; step < CROWD_STEPS; step++)
		if (pipe(crowd->go[step]))
			err(1, "pipe");

	start = now();
	for (int i = 0; i < crowd->nr; i++) {
		/* fork(2), which cannot share the table */
		crowd->pids[i] = syscall(SYS_clone, flags, 0, 0, 0, 0);
		if (crowd->pids[i] < 0)
			err(1, "task %d", i);
		if (!crowd->pids[i])
			crowd_task(crowd, task, i);
	}
	crowd_await(crowd);
	return now() - start;
}

/* Wait until all tasks have ended without an error. */
static inline void crowd_end(struct crowd *crowd)
{
	int status;

	for (int i = 0; i < crowd->nr; i++)
		if (waitpid(crowd->pids[i], &status, 0) != crowd->pids[i] || status)
			fail("a task ended with status %#x", status);
	close(crowd->done[0]);
	close(crowd->done[1]);
	for (int step = 0; step < CROWD_STEPS; step++)
		close(crowd->go[step][0]);
	free(crowd->pids);
}

#endif /* BENCH_CROWD_H */
