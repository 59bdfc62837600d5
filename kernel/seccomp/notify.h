/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User notification: what its two rooms share, the calls that wait.
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
 * struct seccomp_listener - where calls wait and who answers them
 * @refs: one of the filter, one of the open descriptor. The last put frees.
 * @orphaned: the filter is gone, and with it everybody who could call. Written
 *	once; read locklessly by whoever waits.
 * @wait_killable: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV was given. Never
 *	changes.
 * @waiters: supervisors in poll and RECV.
 * @lock: guards the members below and every call in @calls.
 * @closed: the descriptor is gone; nobody will answer. Also read locklessly,
 *	by an attach that wants to be the only listener.
 * @posted: how many of @calls nobody has seen. Also read locklessly, by whoever
 *	waits for one.
 * @gave_up: a call went that nobody had seen. Who polled for it is told so by
 *	one RECV, lest it waits. Also read locklessly.
 * @sync_wake: SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP is set. Also read locklessly.
 * @next_id: the next call's cookie. Starts at random, so that a cookie says
 *	nothing about how many calls there were.
 * @calls: struct waiting_call, oldest first.
 */
struct seccomp_listener {
	refcount_t refs;
	bool orphaned;
	bool wait_killable;
	wait_queue_head_t waiters;

	/* guards what follows */
	struct mutex lock;
	bool closed;
	unsigned int posted;
	bool gave_up;
	bool sync_wake;
	u64 next_id;
	struct list_head calls;
};

enum call_state {
	CALL_POSTED,	/* nobody has seen it */
	CALL_RECEIVED,	/* a supervisor has it */
	CALL_ANSWERED,	/* to be carried out by the caller */
};

/**
 * struct waiting_call - one call, on its caller's stack
 * @node: in the listener's list, for as long as the caller waits
 * @id: cookie
 * @task: the caller
 * @sd: the call as it was evaluated
 * @state: how far it is
 * @news: something happened for which the caller has to wake
 * @addfds: addfd.c's requests, in the order they came
 * @answer: valid where @state is CALL_ANSWERED
 *
 * All of it is guarded by the listener's lock; @news is also read without it.
 */
struct waiting_call {
	struct list_head node;
	u64 id;
	struct task_struct *task;
	const struct seccomp_data *sd;
	enum call_state state;
	bool news;
	struct list_head addfds;
	struct seccomp_notif_resp answer;
};

/**
 * notify_tell_caller() - there is news for a caller
 * @listener: whose lock is held
 * @call: the caller's call
 * @wake: who is to be woken, by wake_up_q() when the lock is dropped
 *
 * Context: Task context.
 */
static inline void notify_tell_caller(struct seccomp_listener *listener,
				      struct waiting_call *call,
				      struct wake_q_head *wake)
{
	lockdep_assert_held(&listener->lock);

	WRITE_ONCE(call->news, true);
	wake_q_add(wake, call->task);
}

/**
 * notify_find_call() - a call that waits, by its cookie
 * @listener: whose lock is held
 * @id: the cookie
 *
 * Context: Task context.
 * Return: The call, for as long as the lock is held; NULL where it is gone.
 */
static inline struct waiting_call *
notify_find_call(struct seccomp_listener *listener, u64 id)
{
	struct waiting_call *call;

	lockdep_assert_held(&listener->lock);

	list_for_each_entry(call, &listener->calls, node)
		if (call->id == id)
			return call;

	return NULL;
}

/**
 * notify_find_received() - a call that a supervisor has and has not answered
 * @listener: whose lock is held
 * @id: its cookie
 *
 * Context: Task context.
 * Return: The call, as notify_find_call(); ENOENT where it is gone, EINPROGRESS
 * where nobody has seen it or it is answered.
 */
static inline struct waiting_call *
notify_find_received(struct seccomp_listener *listener, u64 id)
{
	struct waiting_call *call = notify_find_call(listener, id);

	if (!call)
		return ERR_PTR(-ENOENT);
	if (call->state != CALL_RECEIVED)
		return ERR_PTR(-EINPROGRESS);
	return call;
}

/* addfd.c */
void seccomp_addfd_take(struct seccomp_listener *listener,
			struct waiting_call *call);
void seccomp_addfd_drop(struct waiting_call *call);
long seccomp_addfd(struct seccomp_listener *listener, void __user *buf,
		   unsigned int size);

#endif /* _KERNEL_SECCOMP_NOTIFY_H */
