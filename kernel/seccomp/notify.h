/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User notification: listeners and the notifications that wait for a response.
 */
#ifndef _KERNEL_SECCOMP_NOTIFY_H
#define _KERNEL_SECCOMP_NOTIFY_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sched/wake_q.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/seccomp.h>

/**
 * struct seccomp_listener - the listener of a filter
 * @refs: one for the filter, one for the file. The last put frees it.
 * @orphaned: the filter is freed, so there will be no more notifications.
 *	Written once; read without the lock by supervisors.
 * @wait_killable: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV was given. Does not
 *	change.
 * @waiters: supervisors in poll and RECV
 * @lock: guards the members below and every notification in @notifs
 * @closed: the file is closed, so nobody will respond. Also read without the
 *	lock by an attach, which allows one open listener.
 * @pending: number of @notifs that are NOTIF_PENDING. Also read without the
 *	lock by RECV.
 * @withdrawn: a pending notification was withdrawn. One RECV returns ENOENT for
 *	it, so that a supervisor that has polled does not block. Also read
 *	without the lock.
 * @sync_wake: SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP is set. Also read without the
 *	lock.
 * @next_id: the id of the next notification. The first one is random, so that
 *	ids do not tell how many there were.
 * @notifs: struct notification, oldest first
 */
struct seccomp_listener {
	refcount_t refs;
	bool orphaned;
	bool wait_killable;
	wait_queue_head_t waiters;

	/* guards what follows */
	struct mutex lock;
	bool closed;
	unsigned int pending;
	bool withdrawn;
	bool sync_wake;
	u64 next_id;
	struct list_head notifs;
};

enum notif_state {
	NOTIF_PENDING,		/* no supervisor has received it */
	NOTIF_RECEIVED,		/* a supervisor has received it */
	NOTIF_RESPONDED,	/* the target is to return the response */
};

/**
 * struct notification - a system call that waits for a response
 * @node: in the listener's list
 * @id: its id in the binary interface
 * @task: the target, which makes the system call
 * @sd: the system call as it was evaluated
 * @state: its state
 * @event: the target has to wake
 * @addfds: requests of addfd.c, oldest first
 * @resp: the response, if @state is NOTIF_RESPONDED
 *
 * Lives on the stack of its target. Guarded by the listener's lock; the target
 * also reads @event without it.
 */
struct notification {
	struct list_head node;
	u64 id;
	struct task_struct *task;
	const struct seccomp_data *sd;
	enum notif_state state;
	bool event;
	struct list_head addfds;
	struct seccomp_notif_resp resp;
};

/**
 * notif_wake_target() - have a target woken
 * @listener: the listener, whose lock is held
 * @notif: the notification
 * @wake: for wake_up_q() after the lock is dropped
 *
 * Context: Task context.
 */
static inline void notif_wake_target(struct seccomp_listener *listener,
				     struct notification *notif,
				     struct wake_q_head *wake)
{
	lockdep_assert_held(&listener->lock);

	WRITE_ONCE(notif->event, true);
	wake_q_add(wake, notif->task);
}

/**
 * notif_find() - find a notification
 * @listener: the listener, whose lock is held
 * @id: its id
 *
 * Context: Task context.
 * Return: The notification, valid while the lock is held; NULL if there is
 * none.
 */
static inline struct notification *
notif_find(struct seccomp_listener *listener, u64 id)
{
	struct notification *notif;

	lockdep_assert_held(&listener->lock);

	list_for_each_entry(notif, &listener->notifs, node)
		if (notif->id == id)
			return notif;

	return NULL;
}

/**
 * notif_find_received() - find a notification that is NOTIF_RECEIVED
 * @listener: the listener, whose lock is held
 * @id: its id
 *
 * Context: Task context.
 * Return: The notification, valid while the lock is held. Errors: ENOENT if
 * there is none, EINPROGRESS if it is in another state.
 */
static inline struct notification *
notif_find_received(struct seccomp_listener *listener, u64 id)
{
	struct notification *notif = notif_find(listener, id);

	if (!notif)
		return ERR_PTR(-ENOENT);
	if (notif->state != NOTIF_RECEIVED)
		return ERR_PTR(-EINPROGRESS);
	return notif;
}

/**
 * notif_queue() - make a notification pending
 * @listener: the listener, whose lock is held
 * @notif: the notification
 *
 * The target wakes supervisors after it has dropped the lock.
 *
 * Context: Task context.
 */
static inline void notif_queue(struct seccomp_listener *listener,
			       struct notification *notif)
{
	lockdep_assert_held(&listener->lock);

	notif->state = NOTIF_PENDING;
	WRITE_ONCE(listener->pending, listener->pending + 1);
}

/**
 * notif_dequeue() - make a notification no longer pending
 * @listener: the listener, whose lock is held
 * @notif: the notification, which is NOTIF_PENDING
 * @state: its new state
 *
 * Context: Task context.
 */
static inline void notif_dequeue(struct seccomp_listener *listener,
				 struct notification *notif,
				 enum notif_state state)
{
	lockdep_assert_held(&listener->lock);

	notif->state = state;
	WRITE_ONCE(listener->pending, listener->pending - 1);
}

/* listener.c */
void seccomp_listener_wake(struct seccomp_listener *listener, __poll_t what);

/* addfd.c */
void seccomp_addfd_take(struct seccomp_listener *listener,
			struct notification *notif);
void seccomp_addfd_drop(struct notification *notif);
long seccomp_addfd(struct seccomp_listener *listener, void __user *buf,
		   unsigned int size);

#endif /* _KERNEL_SECCOMP_NOTIFY_H */
