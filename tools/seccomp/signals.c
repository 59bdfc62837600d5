// SPDX-License-Identifier: GPL-2.0
/*
 * Signals while a command runs.
 */
#include <string.h>
#include <sys/time.h>

#include "signals.h"

#define TICK_US		250000

struct signals signals;

static const int caught[] = {
	SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM, SIGCHLD, SIGPIPE,
};

#define NR_CAUGHT	(sizeof(caught) / sizeof(caught[0]))

static struct sigaction before[NR_CAUGHT];
static sigset_t mask_before;

static void note(int signal)
{
	switch (signal) {
	case SIGINT:
	case SIGQUIT:
		signals.interrupted = signal;
		break;
	case SIGTERM:
	case SIGHUP:
		signals.ended = signal;
		break;
	case SIGUSR1:
		signals.status = 1;
		break;
	case SIGALRM:
		signals.tick = 1;
		break;
	default:
		break;
	}
	signals.any = 1;
}

static bool stays_ignored(int signal, const struct sigaction *old)
{
	return signal == SIGHUP && old->sa_handler == SIG_IGN;
}

static void set_timer(long us)
{
	struct itimerval timer = {
		.it_interval.tv_usec = us,
		.it_value.tv_usec = us,
	};

	setitimer(ITIMER_REAL, &timer, NULL);
}

void signals_catch(void)
{
	sigset_t unblock;

	memset(&signals, 0, sizeof(signals));
	sigemptyset(&unblock);
	for (size_t i = 0; i < NR_CAUGHT; i++) {
		struct sigaction action = { .sa_handler = note };

		sigemptyset(&action.sa_mask);
		/* an ignored SIGCHLD would take the command's status away */
		if (caught[i] == SIGCHLD)
			action.sa_handler = SIG_DFL;
		if (caught[i] == SIGPIPE)
			action.sa_handler = SIG_IGN;
		sigaction(caught[i], NULL, &before[i]);
		if (!stays_ignored(caught[i], &before[i]))
			sigaction(caught[i], &action, NULL);
		sigaddset(&unblock, caught[i]);
	}
	sigprocmask(SIG_UNBLOCK, &unblock, &mask_before);
	set_timer(TICK_US);
}

void signals_block(sigset_t *waiting)
{
	/* a process that ends is news, too */
	struct sigaction action = { .sa_handler = note };
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&blocked);
	for (size_t i = 0; i < NR_CAUGHT; i++)
		sigaddset(&blocked, caught[i]);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
}

void signals_restore(void)
{
	/* a forked child has no timer: this is for the parent */
	set_timer(0);
	for (size_t i = 0; i < NR_CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}
