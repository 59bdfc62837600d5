// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification, the supervisor's side. A listener is a queue of
 * notifications and a file by which a supervisor receives and answers them.
 */

#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/wake_q.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "compat.h"
#include "internal.h"
#include "notify.h"

/* Programs built with old headers use the wrong direction in ID_VALID. */
#define NOTIF_ID_VALID_OLD	SECCOMP_IOR(2, __u64)

/* Extensible ioctls are compared without their size and direction. */
#define IOCTL_KIND(cmd)		((cmd) & ~(IOC_INOUT | IOCSIZE_MASK))

/**
 * seccomp_listener_create() - make a listener
 * @wait_killable: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
 *
 * Context: Task context, may sleep.
 * Return: A listener with one reference, for its filter; NULL without memory.
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
	INIT_LIST_HEAD(&listener->notifs);
	return listener;
}

static void listener_put(struct seccomp_listener *listener)
{
	if (refcount_dec_and_test(&listener->refs))
		kfree(listener);
}

/**
 * seccomp_listener_orphan() - drop the reference of a filter that is freed
 * @listener: the filter's listener, or NULL
 *
 * No notification can be waiting, because its target has a reference to the
 * filter.
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
 * seccomp_listener_open() - is the descriptor of a listener open?
 * @listener: a listener, or NULL
 *
 * Context: Any. The result may be out of date at once.
 * Return: true if it has not been closed.
 */
bool seccomp_listener_open(const struct seccomp_listener *listener)
{
	return listener && !READ_ONCE(listener->closed);
}

/**
 * seccomp_listener_wake() - wake supervisors
 * @listener: the listener
 * @what: the event, EPOLL*
 *
 * Context: Task context. Preferably without the listener's lock, which a
 * supervisor takes when it is woken.
 */
void seccomp_listener_wake(struct seccomp_listener *listener, __poll_t what)
{
	if (READ_ONCE(listener->sync_wake))
		seccomp_wake_up_poll_sync(&listener->waiters, what);
	else
		wake_up_poll(&listener->waiters, what);
}

/* Is there something that ends a RECV? The lock decides what it is. */
static bool has_event(const struct seccomp_listener *listener)
{
	return READ_ONCE(listener->pending) || READ_ONCE(listener->withdrawn) ||
	       READ_ONCE(listener->orphaned);
}

static struct notification *first_pending(struct seccomp_listener *listener)
{
	struct notification *notif;

	lockdep_assert_held(&listener->lock);

	list_for_each_entry(notif, &listener->notifs, node)
		if (notif->state == NOTIF_PENDING)
			return notif;

	return NULL;
}

/* It could not be copied to the supervisor: another RECV gets it. */
static void requeue_notif(struct seccomp_listener *listener, u64 id)
{
	struct notification *notif;
	DEFINE_WAKE_Q(wake);

	mutex_lock(&listener->lock);
	notif = notif_find(listener, id);
	if (notif && notif->state == NOTIF_RECEIVED) {
		notif_queue(listener, notif);
		/* Its target waits as before, and wakes supervisors. */
		notif_wake_target(listener, notif, &wake);
	}
	mutex_unlock(&listener->lock);
	wake_up_q(&wake);
}

/*
 * Wait for a notification and take it. Errors: ENOENT if there is none and
 * there will be none, or if one was withdrawn; EINTR for a signal, also if
 * system calls are restarted.
 */
static int receive_notif(struct seccomp_listener *listener,
			 struct seccomp_notif *received)
{
	struct notification *notif = NULL;
	DEFINE_WAKE_Q(wake);
	int ret = 0;

	while (!ret && !notif) {
		ret = wait_event_interruptible(listener->waiters,
					       has_event(listener));
		if (ret)
			return -EINTR;

		mutex_lock(&listener->lock);
		notif = first_pending(listener);
		if (notif) {
			received->id = notif->id;
			received->pid = task_pid_vnr(notif->task);
			received->data = *notif->sd;
			notif_dequeue(listener, notif, NOTIF_RECEIVED);
			/* The target now waits for fatal signals only. */
			if (listener->wait_killable)
				notif_wake_target(listener, notif, &wake);
			/*
			 * With the lock held, because pollers check under it.
			 */
			if (waitqueue_active(&listener->waiters))
				seccomp_listener_wake(listener,
						      EPOLLOUT | EPOLLWRNORM);
		} else if (listener->withdrawn || READ_ONCE(listener->orphaned)) {
			WRITE_ONCE(listener->withdrawn, false);
			ret = -ENOENT;
		}
		/* Otherwise another supervisor was faster. */
		mutex_unlock(&listener->lock);
	}
	wake_up_q(&wake);

	return ret;
}

static long notif_recv(struct seccomp_listener *listener, void __user *buf)
{
	struct seccomp_notif received = {};
	int ret;

	/* Fields that are added later must be zero. */
	ret = check_zeroed_user(buf, sizeof(received));
	if (ret < 0)
		return ret;
	if (!ret)
		return -EINVAL;

	ret = receive_notif(listener, &received);
	if (ret)
		return ret;

	if (copy_to_user(buf, &received, sizeof(received))) {
		requeue_notif(listener, received.id);
		return -EFAULT;
	}
	return 0;
}

static long notif_send(struct seccomp_listener *listener, void __user *buf)
{
	struct seccomp_notif_resp resp;
	struct notification *notif;
	DEFINE_WAKE_Q(wake);
	long ret = 0;

	if (copy_from_user(&resp, buf, sizeof(resp)))
		return -EFAULT;
	if (resp.flags & ~SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		return -EINVAL;
	if (resp.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE &&
	    (resp.error || resp.val))
		return -EINVAL;

	ret = mutex_lock_interruptible(&listener->lock);
	if (ret)
		return ret;
	notif = notif_find_received(listener, resp.id);
	if (IS_ERR(notif)) {
		ret = PTR_ERR(notif);
	} else {
		notif->resp = resp;
		notif->state = NOTIF_RESPONDED;
		notif_wake_target(listener, notif, &wake);
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
	if (IS_ERR(notif_find_received(listener, id)))
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
	struct notification *notif;
	__poll_t ready = 0;

	poll_wait(file, &listener->waiters, wait);

	if (mutex_lock_interruptible(&listener->lock))
		return EPOLLERR;
	list_for_each_entry(notif, &listener->notifs, node) {
		if (notif->state == NOTIF_PENDING)
			ready |= EPOLLIN | EPOLLRDNORM;
		if (notif->state == NOTIF_RECEIVED)
			ready |= EPOLLOUT | EPOLLWRNORM;
	}
	mutex_unlock(&listener->lock);

	if (READ_ONCE(listener->orphaned))
		ready |= EPOLLHUP;
	return ready;
}

/*
 * The last close. No ioctl is running, so no file is queued, but a target may
 * still be installing one whose supervisor was killed. System calls that wait
 * fail as if there were no listener.
 */
static int listener_release(struct inode *inode, struct file *file)
{
	struct seccomp_listener *listener = file->private_data;
	struct notification *notif;
	DEFINE_WAKE_Q(wake);

	mutex_lock(&listener->lock);
	WRITE_ONCE(listener->closed, true);
	list_for_each_entry(notif, &listener->notifs, node) {
		if (notif->state == NOTIF_RESPONDED)
			continue;
		if (notif->state == NOTIF_PENDING)
			notif_dequeue(listener, notif, NOTIF_RESPONDED);
		notif->state = NOTIF_RESPONDED;
		notif->resp = (struct seccomp_notif_resp){ .error = -ENOSYS };
		notif_wake_target(listener, notif, &wake);
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
 * seccomp_listener_file() - make the file of a listener
 * @listener: a listener without a file
 *
 * The file gets its own reference.
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
