// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification, SECCOMP_IOCTL_NOTIF_ADDFD. A supervisor sends a
 * file to the target that waits for its response. The target installs it.
 */

#include <linux/completion.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "internal.h"
#include "notify.h"

/* The first version of struct seccomp_notif_addfd */
#define ADDFD_SIZE_FIRST	24

/**
 * struct addfd_request - a file for a target
 * @refs: one for the supervisor, which waits for @done; one for the
 *	notification. The last put frees it.
 * @node: in the list of the notification, until the target installs the file
 * @file: the file, one reference held
 * @set_fd: install it as @fd, not as the lowest free descriptor
 * @fd: see @set_fd
 * @fd_flags: O_CLOEXEC or 0
 * @send: the descriptor is also the response
 * @result: the target's descriptor or a negative error, valid after @done
 * @done: completed by the target
 *
 * The listener's lock guards @node. The supervisor writes @file to @send before
 * the request is in the list; the target writes @result.
 */
struct addfd_request {
	refcount_t refs;
	struct list_head node;
	struct file *file;
	bool set_fd;
	unsigned int fd;
	unsigned int fd_flags;
	bool send;
	int result;
	struct completion done;
};

/* The target's side */

static void addfd_put(struct addfd_request *request)
{
	if (!refcount_dec_and_test(&request->refs))
		return;
	fput(request->file);
	kfree(request);
}

static void complete_addfd(struct addfd_request *request, int result)
{
	request->result = result;
	complete(&request->done);
	addfd_put(request);
}

static int install_addfd(const struct addfd_request *request)
{
	if (request->set_fd)
		return receive_fd_replace(request->fd, request->file,
					  request->fd_flags);
	return seccomp_receive_fd(request->file, request->fd_flags);
}

/*
 * Without the lock, because this may close a file, for which a file system may
 * take any time: a FUSE server may never answer.
 */
static void handle_addfd(struct seccomp_listener *listener,
			 struct notification *notif,
			 struct addfd_request *request)
{
	int fd;

	list_del_init(&request->node);
	mutex_unlock(&listener->lock);
	fd = install_addfd(request);
	mutex_lock(&listener->lock);

	if (request->send) {
		if (fd >= 0)
			notif->resp.val = fd;
		else if (listener->closed)
			notif->resp.error = -ENOSYS;
		else
			/* The supervisor may respond in another way. */
			notif->state = NOTIF_RECEIVED;
	}
	complete_addfd(request, fd);
}

static struct addfd_request *first_addfd(struct notification *notif)
{
	return list_first_entry_or_null(&notif->addfds, struct addfd_request,
					node);
}

/**
 * seccomp_addfd_take() - install the files that supervisors have sent
 * @listener: the listener, whose lock is held and dropped meanwhile
 * @notif: current's notification
 *
 * If current is killed, some files are not installed.
 *
 * Context: Task context, may sleep.
 */
void seccomp_addfd_take(struct seccomp_listener *listener,
			struct notification *notif)
{
	struct addfd_request *request;

	while (!fatal_signal_pending(current) && (request = first_addfd(notif)))
		handle_addfd(listener, notif, request);
}

/**
 * seccomp_addfd_drop() - fail the requests that are left
 * @notif: current's notification; the listener's lock is held
 *
 * Context: Task context.
 */
void seccomp_addfd_drop(struct notification *notif)
{
	struct addfd_request *request;

	while ((request = first_addfd(notif))) {
		list_del_init(&request->node);
		complete_addfd(request, -ESRCH);
	}
}

/* The supervisor's side */

static int queue_addfd(struct seccomp_listener *listener, u64 id,
		       struct addfd_request *request, struct wake_q_head *wake)
{
	struct notification *notif;

	lockdep_assert_held(&listener->lock);

	notif = notif_find_received(listener, id);
	if (IS_ERR(notif))
		return PTR_ERR(notif);

	if (request->send) {
		/* A response comes after all other files. */
		if (!list_empty(&notif->addfds))
			return -EBUSY;
		notif->resp = (struct seccomp_notif_resp){ .id = id };
		notif->state = NOTIF_RESPONDED;
	}
	refcount_inc(&request->refs);
	list_add_tail(&request->node, &notif->addfds);
	notif_wake_target(listener, notif, wake);
	return 0;
}

/*
 * A signal came before the target was done. If the target has started, wait for
 * the result, because the file will be installed.
 */
static int withdraw_addfd(struct seccomp_listener *listener, u64 id,
			  struct addfd_request *request, int err)
{
	struct notification *notif;
	bool queued;

	mutex_lock(&listener->lock);
	queued = !list_empty(&request->node);
	if (queued) {
		list_del_init(&request->node);
		notif = notif_find(listener, id);
		if (notif && request->send)
			notif->state = NOTIF_RECEIVED;
	}
	mutex_unlock(&listener->lock);

	if (queued) {
		addfd_put(request);
		return err;
	}
	return wait_for_completion_killable(&request->done) ?: request->result;
}

static bool addfd_fits(const struct seccomp_notif_addfd *addfd)
{
	bool set_fd = addfd->flags & SECCOMP_ADDFD_FLAG_SETFD;
	u32 unknown = addfd->flags & ~(SECCOMP_ADDFD_FLAG_SETFD |
				       SECCOMP_ADDFD_FLAG_SEND);

	return !unknown && !(addfd->newfd_flags & ~O_CLOEXEC) &&
	       (set_fd || !addfd->newfd);
}

static struct addfd_request *addfd_create(const struct seccomp_notif_addfd *addfd)
{
	struct addfd_request *request;
	struct file *file = fget(addfd->srcfd);

	if (!file)
		return ERR_PTR(-EBADF);
	request = kzalloc(sizeof(*request), GFP_KERNEL_ACCOUNT);
	if (!request) {
		fput(file);
		return ERR_PTR(-ENOMEM);
	}

	refcount_set(&request->refs, 1);
	INIT_LIST_HEAD(&request->node);
	request->file = file;
	request->set_fd = addfd->flags & SECCOMP_ADDFD_FLAG_SETFD;
	request->fd = addfd->newfd;
	request->fd_flags = addfd->newfd_flags;
	request->send = addfd->flags & SECCOMP_ADDFD_FLAG_SEND;
	init_completion(&request->done);
	return request;
}

/**
 * seccomp_addfd() - SECCOMP_IOCTL_NOTIF_ADDFD
 * @listener: the listener
 * @buf: struct seccomp_notif_addfd in user memory
 * @size: its size in the supervisor's version of the binary interface
 *
 * Context: Task context. Sleeps until the target has the file, or a signal.
 * Return: The target's descriptor, or the errors of seccomp_unotify(2).
 */
long seccomp_addfd(struct seccomp_listener *listener, void __user *buf,
		   unsigned int size)
{
	struct seccomp_notif_addfd addfd;
	struct addfd_request *request;
	int ret;
	DEFINE_WAKE_Q(wake);

	BUILD_BUG_ON(sizeof(addfd) != ADDFD_SIZE_FIRST);

	if (size < ADDFD_SIZE_FIRST || size >= PAGE_SIZE)
		return -EINVAL;
	ret = copy_struct_from_user(&addfd, sizeof(addfd), buf, size);
	if (ret)
		return ret;
	if (!addfd_fits(&addfd))
		return -EINVAL;

	request = addfd_create(&addfd);
	if (IS_ERR(request))
		return PTR_ERR(request);

	ret = mutex_lock_interruptible(&listener->lock);
	if (ret)
		goto out;
	ret = queue_addfd(listener, addfd.id, request, &wake);
	mutex_unlock(&listener->lock);
	wake_up_q(&wake);
	if (ret)
		goto out;

	ret = wait_for_completion_interruptible(&request->done);
	if (ret)
		ret = withdraw_addfd(listener, addfd.id, request, ret);
	else
		ret = request->result;

out:
	addfd_put(request);
	return ret;
}
