/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source `notify`: SECCOMP_RET_USER_NOTIF and a listener.
 *
 * A call that is asked about sleeps until sclog has received it, and fails with
 * EINTR if a signal comes before whose handler does not restart calls, also a
 * call that never does that otherwise. So it is for learning only where ptrace
 * is forbidden. For refusing it does no harm: the call fails anyway.
 */
#ifndef SCLOG_NOTIFY_H
#define SCLOG_NOTIFY_H

#include "policy.h"
#include "watch.h"

/*
 * Calls that no program makes again after an EINTR, close(), fork() and others,
 * are not asked about.
 */

/**
 * notify_policy() - a policy that allows them as well
 *
 * Return: a copy, for policy_free().
 */
struct policy *notify_policy(const struct policy *policy);

/** notify_add() - allow them in a policy, as companions of the group "notify" */
void notify_add(struct policy *policy);

/* Their names, for people */
#define NOTIFY_UNWATCHED						\
	"close, fork, clone, mmap, munmap, mprotect, brk, exit and the handling of signals"

/**
 * notify_run() - start the command and watch it
 * @answer: NULL: every call is made. Else called behind watch->event: the
 *	errno that the call fails with.
 *
 * The filter answers SECCOMP_RET_USER_NOTIF for what is to be seen.
 *
 * Return: 0, or after a message STATUS_NO_FILTER, STATUS_NOT_FOUND or
 * STATUS_CANNOT_RUN if the command did not begin.
 */
int notify_run(struct watch *watch,
	       int (*answer)(struct watch *watch, const struct event *event));

#endif /* SCLOG_NOTIFY_H */
