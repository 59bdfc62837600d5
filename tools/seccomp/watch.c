// SPDX-License-Identifier: GPL-2.0
/*
 * A command that runs while its calls are watched.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "out.h"
#include "signals.h"
#include "task.h"
#include "watch.h"

/* Between SIGTERM and SIGKILL */
#define TERM_MS		5000

int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

int test_setting(const char *name, int limit)
{
	const char *text = getenv(name);

	return text ? atoi(text) : limit;
}

void watch_started(struct watch *watch)
{
	watch->start_ms = clock_ms();
}

void watch_ended(struct watch *watch, int wait_status)
{
	watch->main_ended = true;
	watch->main_status = wait_status;
	watch->end_ms = clock_ms();
}

/*
 * Did the main thread, which has ended, run alone? If so, its own counts are
 * all that the kernel has for the process, for its threads that have ended and
 * for the children that it has waited for.
 */
static void look_for_others(struct watch *watch, const struct rusage *all)
{
	struct task_counts own;

	/* read behind @all: its last switch may be counted in between */
	if (task_counts(watch->command.pid, &own))
		watch->others |= all->ru_minflt + all->ru_majflt > own.faults ||
			all->ru_nvcsw + all->ru_nivcsw > own.switches;
}

bool watch_reap(struct watch *watch)
{
	struct rusage all;
	siginfo_t info;
	int status;

	for (;;) {
		info.si_pid = 0;
		/* glibc's waitid() has no place for what was used */
		if (syscall(SYS_waitid, P_ALL, 0, &info,
			    WEXITED | WNOHANG | WNOWAIT, &all))
			return false;
		if (!info.si_pid)
			return true;
		if (info.si_pid == watch->command.pid)
			look_for_others(watch, &all);
		else
			watch->others = true;
		if (waitpid(info.si_pid, &status, 0) == watch->command.pid)
			watch_ended(watch, status);
	}
}

/* SIGTERM once, then SIGKILL if that does not help */
static void stop_all(struct watch *watch,
		     void (*kill_all)(void *source, int signal), void *source)
{
	if (watch->term_ms)
		return;
	watch->term_ms = clock_ms();
	if (!watch->main_ended)
		watch->stopped = true;
	kill_all(source, SIGTERM);
	/* a stopped process does not end before it goes on */
	kill_all(source, SIGCONT);
}

void watch_signals(struct watch *watch,
		   void (*kill_all)(void *source, int signal), void *source)
{
	int ended;
	int interrupted;

	if (!signals.any)
		return;
	signals.any = 0;
	ended = signals.ended;
	interrupted = signals.interrupted;
	signals.ended = 0;
	signals.interrupted = 0;

	if (signals.status) {
		signals.status = 0;
		if (watch->print_status)
			watch->print_status(watch);
	}
	if (ended && !watch->main_ended)
		kill(watch->command.pid, ended);
	else if (ended || (interrupted && watch->main_ended))
		stop_all(watch, kill_all, source);
	if (watch->main_ended && watch->until == UNTIL_MAIN)
		stop_all(watch, kill_all, source);
	if (watch->limit_ms && clock_ms() - watch->start_ms >= watch->limit_ms)
		stop_all(watch, kill_all, source);
	if (watch->term_ms && !watch->killed &&
	    clock_ms() - watch->term_ms >= TERM_MS) {
		watch->killed = true;
		kill_all(source, SIGKILL);
	}
	if (signals.tick) {
		signals.tick = 0;
		if (watch->tick)
			watch->tick(watch);
	}
}

void watch_remaining(struct watch *watch, const pid_t *pids, size_t nr)
{
	char *list = NULL;

	if (watch->said_remaining || watch->term_ms || !nr)
		return;
	watch->said_remaining = true;
	for (size_t i = 0; i < nr && i < 4; i++) {
		struct task task = { .tid = pids[i], .comm = "?" };
		char *longer;

		task_read(&task);
		longer = xasprintf("%s%s%s[%d]", list ? list : "",
				   list ? ", " : "", task.comm, pids[i]);
		free(list);
		list = longer;
	}
	pr_info("the command has ended, what it started goes on: %s%s; Ctrl-C ends it",
		list, nr > 4 ? ", ..." : "");
	free(list);
}

void watch_executed(struct watch *watch, pid_t pid)
{
	char *name;

	if (watch->command.privileged || watch->said_set_user_id ||
	    !is_set_user_id(pid, &name))
		return;
	watch->said_set_user_id = true;
	pr_warn("%s: has another user's rights outside of sclog, but not here: only root can watch it as it is",
		name);
	free(name);
}

void watch_lost(struct watch *watch, uint64_t lost, char *why)
{
	watch->incomplete = true;
	watch->lost += lost;
	if (watch->incomplete_why)
		free(why);
	else
		watch->incomplete_why = why;
}

void watch_free(struct watch *watch)
{
	command_free(&watch->command);
	filter_free(&watch->prog);
	free(watch->incomplete_why);
	watch->incomplete_why = NULL;
}
