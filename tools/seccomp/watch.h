/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A command that runs while its calls are watched: what learn, check and run
 * share with the sources trace.h, notify.h and multicast.h.
 */
#ifndef SCLOG_WATCH_H
#define SCLOG_WATCH_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "event.h"

enum watch_until {
	UNTIL_ALL,		/* the command and all that it has started */
	UNTIL_MAIN,		/* the command */
};

/**
 * struct watch - a command under a source
 * @verb: for messages
 * @command: found, not started
 * @prog: its filter
 * @event: called for each call. The thread has not made it yet, but for
 *	multicast. @event->path only if @paths.
 * @clone3: called behind @event for a clone3() whose struct clone_args could be
 *	read; may be NULL
 * @refuses: is the event's call one that the policy does not allow? Of a process
 *	that is killed, any thread may be seen first. For trace_refusals().
 * @tick: called about four times a second; may be NULL
 * @print_status: SIGUSR1: print a line
 * @data: for these
 * @paths: read the paths of calls
 * @until: when it is over
 * @refusals: events are what the filter does not allow, by its own actions
 * @must_see: the filter does not allow execve(), so at least that is seen
 * @limit_ms: end the command after so many milliseconds; 0: never
 *
 * Set by the source:
 * @main_ended: the command has ended
 * @main_status: by waitpid(), then
 * @others: other processes or threads of it are known to have run
 * @stopped: sclog itself ended it (@limit_ms, Ctrl-C after its end)
 * @start_ms: and @end_ms: when it was started and ended, by a steady clock
 * @calls: events so far
 * @incomplete: something is missing
 * @lost: calls or records that are known to be missing, at least
 * @incomplete_why: what is missing, text to be free()d; NULL if nothing
 */
struct watch {
	const char *verb;
	struct command command;
	struct sock_fprog prog;
	void (*event)(struct watch *watch, const struct event *event);
	void (*clone3)(struct watch *watch, const struct event *event,
		       uint64_t flags, uint64_t exit_signal);
	bool (*refuses)(struct watch *watch, const struct event *event);
	void (*tick)(struct watch *watch);
	void (*print_status)(struct watch *watch);
	void *data;
	bool paths;
	enum watch_until until;
	bool refusals;
	bool must_see;
	int64_t limit_ms;

	bool main_ended;
	int main_status;
	bool others;
	bool stopped;
	int64_t start_ms;
	int64_t end_ms;
	uint64_t calls;
	bool incomplete;
	uint64_t lost;
	char *incomplete_why;

	/* private: watch.c */
	bool said_remaining;
	bool said_set_user_id;
	int64_t term_ms;
	bool killed;
};

/** clock_ms() - milliseconds of a clock that is never set */
int64_t clock_ms(void);

/** test_setting() - a limit; tests have another one in the environment */
int test_setting(const char *name, int limit);

/** watch_started() - the command begins now */
void watch_started(struct watch *watch);

/** watch_ended() - the command has ended with a status of waitpid() */
void watch_ended(struct watch *watch, int wait_status);

/**
 * watch_reap() - wait for processes that have ended, and for no others
 *
 * Return: false if no process is left.
 */
bool watch_reap(struct watch *watch);

/**
 * watch_signals() - act on signals and time limits, if there are any
 * @kill_all: send a signal to every process that is left
 * @source: for @kill_all
 *
 * To be called whenever a wait was interrupted, and now and then.
 */
void watch_signals(struct watch *watch,
		   void (*kill_all)(void *source, int signal), void *source);

/**
 * watch_remaining() - the command has ended, others have not: say which
 * @pids: processes that are left
 * @nr: number of them
 */
void watch_remaining(struct watch *watch, const pid_t *pids, size_t nr);

/** watch_executed() - a process executes another program */
void watch_executed(struct watch *watch, pid_t pid);

/** watch_lost() - something is missing: how many at least, and why */
void watch_lost(struct watch *watch, uint64_t lost, char *why);

/** watch_free() - the command, the filter and texts */
void watch_free(struct watch *watch);

#endif /* SCLOG_WATCH_H */
