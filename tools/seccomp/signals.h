/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signals while a command runs.
 *
 * Ctrl-C and Ctrl-\ go to the whole foreground group: the command decides, sclog
 * only notes them. Handlers interrupt what sclog waits in; a timer does so four
 * times a second, so that a signal that comes just before a wait is not late.
 */
#ifndef SCLOG_SIGNALS_H
#define SCLOG_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Set by the handlers, cleared by whoever acts on them */
struct signals {
	volatile sig_atomic_t any;		/* one of those below is set */
	volatile sig_atomic_t interrupted;	/* SIGINT or SIGQUIT */
	volatile sig_atomic_t ended;		/* SIGTERM or SIGHUP: which */
	volatile sig_atomic_t status;		/* SIGUSR1 */
	volatile sig_atomic_t tick;		/* the timer */
};

extern struct signals signals;

/** signals_catch() - begin; what was ignored stays so (SIGHUP by nohup) */
void signals_catch(void);

/**
 * signals_block() - let them come only within ppoll()
 * @waiting: set to the mask for ppoll(), which is also what was before
 */
void signals_block(sigset_t *waiting);

/** signals_restore() - as it was before; for the child, and at the end */
void signals_restore(void);

#endif /* SCLOG_SIGNALS_H */
