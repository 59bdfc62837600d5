// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification. A call that a filter hands over waits here until
 * a supervisor, who reads calls from a descriptor, answers it. addfd.c has what
 * else a supervisor can do for its caller.
 */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/wake_q.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <asm/syscall.h>

#include "compat.h"
#include "internal.h"
#include "notify.h"

/* Programs built with old headers ask for ID_VALID in the wrong direction. */
#define NOTIF_ID_VALID_OLD	SECCOMP_IOR(2, __u64)

/* Extensible ioctls are told apart without their size and direction. */
#define IOCTL_KIND(cmd)		((cmd) & ~(IOC_INOUT | IOCSIZE_MASK))

/**
 * seccomp_listener_create() - a listener that nobody knows yet
 * @wait_killable: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
 *
 * Context: Task context, may sleep.
 * Return: A listener with one reference, that of its filter; NULL without
 * memory.
 */
struct seccomp_listener *seccomp_listener_create(bool wait_killable)
{
	struct seccomp_listener *listener;

	listener = kzalloc(sizeof(*listener), GFP_KERNEL_ACCOUNT);
	if (!listener)
		return NULL;

	refcount_set(&listener->refs, 1);
	listener->wait_killable = wait_killable;
	init_waitqueue_head(&listener->waiters);
	mutex_init(&listener->lock);
	listener->next_id = get_random_u64();
	INIT_LIST_HEAD(&listener->calls);
	return listener;
}

static void listener_put(struct seccomp_listener *listener)
{
	if (refcount_dec_and_test(&listener->refs))
		kfree(listener);
}

/**
 * seccomp_listener_orphan() - the filter goes, and its reference
 * @listener: the filter's listener, or NULL
 *
 * No call can be waiting: a caller's own chain holds the filter.
 *
 * Context: Any but interrupts.
 */
void seccomp_listener_orphan(struct seccomp_listener *listener)
{
	if (!listener)
		return;

	WRITE_ONCE(listener->orphaned, true);
	wake_up_poll(&listener->waiters, EPOLLHUP);
	listener_put(listener);
}

/**
 * seccomp_listener_open() - does somebody answer?
 * @listener: a listener, or NULL
 *
 * Context: Any. The answer can be out of date at once.
 * Return: true where its descriptor has not been closed.
 */
bool seccomp_listener_open(const struct seccomp_listener *listener)
{
	return listener && !READ_ONCE(listener->closed);
}

/*
 * Whoever is woken takes the lock at once, so it is better not held here. With
 * it held, only who asks under it can be meant: see receive_call().
 */
static void tell_supervisors(struct seccomp_listener *listener, __poll_t what)
{
	if (READ_ONCE(listener->sync_wake))
		seccomp_wake_up_poll_sync(&listener->waiters, what);
	else
		wake_up_poll(&listener->waiters, what);
}

/* The caller tells supervisors, when it has dropped the lock. */
static void post(struct seccomp_listener *listener, struct waiting_call *call)
{
	lockdep_assert_held(&listener->lock);

	call->state = CALL_POSTED;
	WRITE_ONCE(listener->posted, listener->posted + 1);
}

/* Every way on from CALL_POSTED */
static void unpost(struct seccomp_listener *listener, struct waiting_call *call,
		   enum call_state state)
{
	lockdep_assert_held(&listener->lock);

	call->state = state;
	WRITE_ONCE(listener->posted, listener->posted - 1);
}

/* The caller's side */

static bool sleeps_killable(const struct seccomp_listener *listener,
			    const struct waiting_call *call)
{
	return listener->wait_killable && call->state == CALL_RECEIVED;
}

/* wait_event_*() without a queue: only the caller waits here */
static int sleep_until_news(const struct waiting_call *call, bool killable)
{
	unsigned int state = killable ? TASK_KILLABLE : TASK_INTERRUPTIBLE;
	int err = 0;

	for (;;) {
		/* pairs with the barrier in wake_up_process() */
		set_current_state(state);
		if (READ_ONCE(call->news))
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
 * Sleep until there is news. The lock is dropped meanwhile. Returns 0 or
 * -ERESTARTSYS for a signal that ends the wait.
 */
static int wait_for_news(struct seccomp_listener *listener,
			 struct waiting_call *call)
{
	bool killable = sleeps_killable(listener, call);
	bool posted = call->state == CALL_POSTED;
	int err;

	mutex_unlock(&listener->lock);
	if (posted)
		tell_supervisors(listener, EPOLLIN | EPOLLRDNORM);
	err = sleep_until_news(call, killable);
	mutex_lock(&listener->lock);
	call->news = false;

	/* A supervisor was faster than the signal: now only a fatal one counts. */
	if (err && !killable && sleeps_killable(listener, call))
		return 0;
	return err;
}

/* From posting to an answer; the lock is held and dropped in between. */
static int wait_for_answer(struct seccomp_listener *listener,
			   struct waiting_call *call)
{
	int err = 0;

	while (!err && call->state != CALL_ANSWERED) {
		err = wait_for_news(listener, call);
		if (!err)
			seccomp_addfd_take(listener, call);
	}

	/* An answer that was given counts, whatever else happened. */
	if (call->state == CALL_ANSWERED) {
		seccomp_addfd_take(listener, call);
		if (call->state == CALL_ANSWERED)
			err = 0;
	}
	seccomp_addfd_drop(call);
	return err;
}

/**
 * seccomp_notify() - carry out a SECCOMP_RET_USER_NOTIF
 * @sd: the call as it was evaluated
 * @verdict: the verdict; its filter's listener is asked
 *
 * Context: Task context at system call entry. Sleeps until there is an answer
 * or a signal.
 * Return: 0 where the listener lets the call go on, -1 where it is skipped: its
 * return value is in place, -ENOSYS where nobody listens.
 */
int seccomp_notify(const struct seccomp_data *sd,
		   const struct seccomp_verdict *verdict)
{
	struct seccomp_listener *listener = verdict->match->listener;
	struct waiting_call call = {
		.task = current,
		.sd = sd,
		.state = CALL_POSTED,
		.answer = { .error = -ENOSYS },
	};
	int err = 0;

	if (!listener)
		goto skip;

	INIT_LIST_HEAD(&call.addfds);

	mutex_lock(&listener->lock);
	if (!listener->closed) {
		call.answer.error = 0;
		call.id = listener->next_id++;
		list_add_tail(&call.node, &listener->calls);
		post(listener, &call);

		err = wait_for_answer(listener, &call);
		if (call.state == CALL_POSTED) {
			unpost(listener, &call, CALL_ANSWERED);
			WRITE_ONCE(listener->gave_up, true);
		}
		list_del(&call.node);
	}
	mutex_unlock(&listener->lock);

	if (!err && call.answer.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		return 0;
skip:
	syscall_set_return_value(current, current_pt_regs(),
				 err ?: call.answer.error, call.answer.val);
	return -1;
}

/* The supervisor's side */

/* Anything that ends a RECV; what it is must be looked up under the lock. */
static bool has_news(const struct seccomp_listener *listener)
{
	return READ_ONCE(listener->posted) || READ_ONCE(listener->gave_up) ||
	       READ_ONCE(listener->orphaned);
}

static struct waiting_call *first_posted(struct seccomp_listener *listener)
{
	struct waiting_call *call;

	lockdep_assert_held(&listener->lock);

	list_for_each_entry(call, &listener->calls, node)
		if (call->state == CALL_POSTED)
			return call;

	return NULL;
}

/* What could not be handed over is there for the next one who asks. */
static void post_again(struct seccomp_listener *listener, u64 id)
{
	struct waiting_call *call;
	DEFINE_WAKE_Q(wake);

	mutex_lock(&listener->lock);
	call = notify_find_call(listener, id);
	if (call && call->state == CALL_RECEIVED) {
		post(listener, call);
		/* it may sleep as before again, and has to tell */
		notify_tell_caller(listener, call, &wake);
	}
	mutex_unlock(&listener->lock);
	wake_up_q(&wake);
}

/*
 * Wait for a call and take it. Returns 0, ENOENT where there is none and will
 * be none or where one gave up, EINTR: a supervisor leaves by a signal, also
 * where the handler would restart the call.
 */
static int receive_call(struct seccomp_listener *listener,
			struct seccomp_notif *notif)
{
	struct waiting_call *call = NULL;
	DEFINE_WAKE_Q(wake);
	int ret = 0;

	while (!ret && !call) {
		ret = wait_event_interruptible(listener->waiters,
					       has_news(listener));
		if (ret)
			return -EINTR;

		mutex_lock(&listener->lock);
		call = first_posted(listener);
		if (call) {
			notif->id = call->id;
			notif->pid = task_pid_vnr(call->task);
			notif->data = *call->sd;
			unpost(listener, call, CALL_RECEIVED);
			/* it may have to sleep otherwise from now on */
			if (listener->wait_killable)
				notify_tell_caller(listener, call, &wake);
			/* Who polls asks under the lock, once in the queue. */
			if (waitqueue_active(&listener->waiters))
				tell_supervisors(listener,
						 EPOLLOUT | EPOLLWRNORM);
		} else if (listener->gave_up || READ_ONCE(listener->orphaned)) {
			WRITE_ONCE(listener->gave_up, false);
			ret = -ENOENT;
		}
		/* else another supervisor was faster */
		mutex_unlock(&listener->lock);
	}
	wake_up_q(&wake);

	return ret;
}

static long notif_recv(struct seccomp_listener *listener, void __user *buf)
{
	struct seccomp_notif notif = {};
	int ret;

	/* for fields to come: whoever means one of them must not be misread */
	ret = check_zeroed_user(buf, sizeof(notif));
	if (ret < 0)
		return ret;
	if (!ret)
		return -EINVAL;

	ret = receive_call(listener, &notif);
	if (ret)
		return ret;

	if (copy_to_user(buf, &notif, sizeof(notif))) {
		post_again(listener, notif.id);
		return -EFAULT;
	}
	return 0;
}

static long notif_send(struct seccomp_listener *listener, void __user *buf)
{
	struct seccomp_notif_resp answer;
	struct waiting_call *call;
	DEFINE_WAKE_Q(wake);
	long ret = 0;

	if (copy_from_user(&answer, buf, sizeof(answer)))
		return -EFAULT;
	if (answer.flags & ~SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		return -EINVAL;
	if (answer.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE &&
	    (answer.error || answer.val))
		return -EINVAL;

	ret = mutex_lock_interruptible(&listener->lock);
	if (ret)
		return ret;
	call = notify_find_received(listener, answer.id);
	if (IS_ERR(call)) {
		ret = PTR_ERR(call);
	} else {
		call->answer = answer;
		call->state = CALL_ANSWERED;
		notify_tell_caller(listener, call, &wake);
	}
	mutex_unlock(&listener->lock);
	wake_up_q(&wake);

	return ret;
}

static long notif_id_valid(struct seccomp_listener *listener, void __user *buf)
{
	long ret;
	u64 id;

	if (copy_from_user(&id, buf, sizeof(id)))
		return -EFAULT;

	ret = mutex_lock_interruptible(&listener->lock);
	if (ret)
		return ret;
	if (IS_ERR(notify_find_received(listener, id)))
		ret = -ENOENT;
	mutex_unlock(&listener->lock);

	return ret;
}

static long notif_set_flags(struct seccomp_listener *listener,
			    unsigned long flags)
{
	long ret;

	if (flags & ~SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)
		return -EINVAL;

	ret = mutex_lock_interruptible(&listener->lock);
	if (ret)
		return ret;
	WRITE_ONCE(listener->sync_wake,
		   flags & SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	mutex_unlock(&listener->lock);

	return 0;
}

static long listener_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct seccomp_listener *listener = file->private_data;
	void __user *buf = (void __user *)arg;

	switch (cmd) {
	case SECCOMP_IOCTL_NOTIF_RECV:
		return notif_recv(listener, buf);
	case SECCOMP_IOCTL_NOTIF_SEND:
		return notif_send(listener, buf);
	case SECCOMP_IOCTL_NOTIF_ID_VALID:
	case NOTIF_ID_VALID_OLD:
		return notif_id_valid(listener, buf);
	case SECCOMP_IOCTL_NOTIF_SET_FLAGS:
		return notif_set_flags(listener, arg);
	}

	if (IOCTL_KIND(cmd) == IOCTL_KIND(SECCOMP_IOCTL_NOTIF_ADDFD))
		return seccomp_addfd(listener, buf, _IOC_SIZE(cmd));
	return -EINVAL;
}

static __poll_t listener_poll(struct file *file, struct poll_table_struct *wait)
{
	struct seccomp_listener *listener = file->private_data;
	struct waiting_call *call;
	__poll_t ready = 0;

	poll_wait(file, &listener->waiters, wait);

	if (mutex_lock_interruptible(&listener->lock))
		return EPOLLERR;
	list_for_each_entry(call, &listener->calls, node) {
		if (call->state == CALL_POSTED)
			ready |= EPOLLIN | EPOLLRDNORM;
		if (call->state == CALL_RECEIVED)
			ready |= EPOLLOUT | EPOLLWRNORM;
	}
	mutex_unlock(&listener->lock);

	if (READ_ONCE(listener->orphaned))
		ready |= EPOLLHUP;
	return ready;
}

/*
 * The descriptor goes. No ioctl is under way, so no addfd is queued, though a
 * caller can still be at one whose supervisor was killed. Calls that still wait
 * fail as if there had never been a listener.
 */
static int listener_release(struct inode *inode, struct file *file)
{
	struct seccomp_listener *listener = file->private_data;
	struct waiting_call *call;
	DEFINE_WAKE_Q(wake);

	mutex_lock(&listener->lock);
	WRITE_ONCE(listener->closed, true);
	list_for_each_entry(call, &listener->calls, node) {
		if (call->state == CALL_ANSWERED)
			continue;
		if (call->state == CALL_POSTED)
			unpost(listener, call, CALL_ANSWERED);
		call->state = CALL_ANSWERED;
		call->answer = (struct seccomp_notif_resp){ .error = -ENOSYS };
		notify_tell_caller(listener, call, &wake);
	}
	mutex_unlock(&listener->lock);
	wake_up_q(&wake);

	listener_put(listener);
	return 0;
}

static const struct file_operations listener_fops = {
	.poll = listener_poll,
	.release = listener_release,
	.unlocked_ioctl = listener_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

/**
 * seccomp_listener_file() - the file by which a supervisor listens
 * @listener: a listener that has none yet
 *
 * The file holds a reference of its own.
 *
 * Context: Task context, may sleep.
 * Return: The file or ERR_PTR().
 */
struct file *seccomp_listener_file(struct seccomp_listener *listener)
{
	struct file *file;

	file = anon_inode_getfile("seccomp notify", &listener_fops, listener,
				  O_RDWR);
	if (!IS_ERR(file))
		refcount_inc(&listener->refs);
	return file;
}
