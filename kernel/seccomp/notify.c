// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification, the target's side. A system call for which a
 * filter returns SECCOMP_RET_USER_NOTIF waits here for the response of a
 * supervisor.
 */

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>

#include "internal.h"
#include "notify.h"

static bool sleeps_killable(const struct seccomp_listener *listener,
			    const struct notification *notif)
{
	return listener->wait_killable && notif->state == NOTIF_RECEIVED;
}

/* As wait_event_*(), without a wait queue: only the target waits. */
static int sleep_until_event(const struct notification *notif, bool killable)
{
	unsigned int state = killable ? TASK_KILLABLE : TASK_INTERRUPTIBLE;
	int err = 0;

	for (;;) {
		/* Pairs with the barrier in wake_up_process(). */
		set_current_state(state);
		if (READ_ONCE(notif->event))
			break;
		if (signal_pending_state(state, current)) {
			err = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return err;
}

/*
 * Wait for an event. Drops the lock meanwhile. Returns 0, or -ERESTARTSYS for a
 * signal that ends the wait.
 */
static int wait_for_event(struct seccomp_listener *listener,
			  struct notification *notif)
{
	bool killable = sleeps_killable(listener, notif);
	bool pending = notif->state == NOTIF_PENDING;
	int err;

	mutex_unlock(&listener->lock);
	if (pending)
		seccomp_listener_wake(listener, EPOLLIN | EPOLLRDNORM);
	err = sleep_until_event(notif, killable);
	mutex_lock(&listener->lock);
	notif->event = false;

	/*
	 * A supervisor was faster than the signal. Now only a fatal one counts.
	 */
	if (err && !killable && sleeps_killable(listener, notif))
		return 0;
	return err;
}

/* Wait for the response. Drops the lock meanwhile. */
static int wait_for_response(struct seccomp_listener *listener,
			     struct notification *notif)
{
	int err = 0;

	while (!err && notif->state != NOTIF_RESPONDED) {
		err = wait_for_event(listener, notif);
		if (!err)
			seccomp_addfd_take(listener, notif);
	}

	/* A response counts even if there was also a signal. */
	if (notif->state == NOTIF_RESPONDED) {
		seccomp_addfd_take(listener, notif);
		if (notif->state == NOTIF_RESPONDED)
			err = 0;
	}
	seccomp_addfd_drop(notif);
	return err;
}

/**
 * seccomp_notify() - do a SECCOMP_RET_USER_NOTIF
 * @sd: the system call as it was evaluated
 * @verdict: the result, with the filter whose listener is notified
 *
 * Context: Task context at system call entry. Sleeps until there is a response
 * or a signal.
 * Return: 0 if the system call continues; -1 if it is skipped: its return value
 * is set, to -ENOSYS without a listener.
 */
int seccomp_notify(const struct seccomp_data *sd,
		   const struct seccomp_verdict *verdict)
{
	struct seccomp_listener *listener = verdict->filter->listener;
	struct notification notif = {
		.task = current,
		.sd = sd,
		.state = NOTIF_PENDING,
		.resp = { .error = -ENOSYS },
	};
	int err = 0;

	if (!listener)
		goto skip;

	INIT_LIST_HEAD(&notif.addfds);

	mutex_lock(&listener->lock);
	if (!listener->closed) {
		notif.resp.error = 0;
		notif.id = listener->next_id++;
		list_add_tail(&notif.node, &listener->notifs);
		notif_queue(listener, &notif);

		err = wait_for_response(listener, &notif);
		if (notif.state == NOTIF_PENDING) {
			notif_dequeue(listener, &notif, NOTIF_RESPONDED);
			WRITE_ONCE(listener->withdrawn, true);
		}
		list_del(&notif.node);
	}
	mutex_unlock(&listener->lock);

	if (!err && notif.resp.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		return 0;
skip:
	syscall_set_return_value(current, current_pt_regs(),
				 err ?: notif.resp.error, notif.resp.val);
	return -1;
}
