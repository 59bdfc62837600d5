// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification. A supervisor gives a file to the caller that waits
 * for its answer; the caller installs it.
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

/* struct seccomp_notif_addfd as it was first published */
#define ADDFD_SIZE_FIRST	24

/**
 * struct addfd_request - a file for the caller
 * @refs: one of the supervisor that waits for @done, one of the call in whose
 *	list it is or was. The last put frees it.
 * @node: in the call's list until the caller takes it up
 * @file: the file, one reference held
 * @set_fd: it is to have the number @fd, not the lowest free one
 * @fd: that number
 * @fd_flags: O_CLOEXEC or 0
 * @send: the new number is the answer, too
 * @result: number in the caller or negative error, valid when @done
 * @done: completed by the caller
 *
 * @node is guarded by the listener's lock. The supervisor writes the members from
 * @file to @send before it is in the list, the caller @result before @done.
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

/* The caller's side */

static void addfd_put(struct addfd_request *request)
{
	if (!refcount_dec_and_test(&request->refs))
		return;
	fput(request->file);
	kfree(request);
}

static void finish_addfd(struct addfd_request *request, int result)
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
 * What had the number before is closed by this, which takes as long as its file
 * system likes: a fuse server answers never, if it likes. So without the lock.
 */
static void take_addfd(struct seccomp_listener *listener,
		       struct waiting_call *call, struct addfd_request *request)
{
	int fd;

	list_del_init(&request->node);
	mutex_unlock(&listener->lock);
	fd = install_addfd(request);
	mutex_lock(&listener->lock);

	if (request->send) {
		if (fd >= 0)
			call->answer.val = fd;
		else if (listener->closed)
			call->answer.error = -ENOSYS;
		else
			/* the supervisor may answer otherwise */
			call->state = CALL_RECEIVED;
	}
	finish_addfd(request, fd);
}

static struct addfd_request *first_addfd(struct waiting_call *call)
{
	return list_first_entry_or_null(&call->addfds, struct addfd_request,
					node);
}

/**
 * seccomp_addfd_take() - install what supervisors have sent
 * @listener: whose lock is held; dropped in between
 * @call: current's
 *
 * Leaves some where current is killed.
 *
 * Context: Task context, may sleep.
 */
void seccomp_addfd_take(struct seccomp_listener *listener,
			struct waiting_call *call)
{
	struct addfd_request *request;

	while (!fatal_signal_pending(current) && (request = first_addfd(call)))
		take_addfd(listener, call, request);
}

/**
 * seccomp_addfd_drop() - the caller goes, and installs nothing any more
 * @call: current's; its listener's lock is held
 *
 * Context: Task context.
 */
void seccomp_addfd_drop(struct waiting_call *call)
{
	struct addfd_request *request;

	while ((request = first_addfd(call))) {
		list_del_init(&request->node);
		finish_addfd(request, -ESRCH);
	}
}

/* The supervisor's side */

static int queue_addfd(struct seccomp_listener *listener, u64 id,
		       struct addfd_request *request, struct wake_q_head *wake)
{
	struct waiting_call *call;

	lockdep_assert_held(&listener->lock);

	call = notify_find_received(listener, id);
	if (IS_ERR(call))
		return PTR_ERR(call);

	if (request->send) {
		/* an answer is the last that a call gets */
		if (!list_empty(&call->addfds))
			return -EBUSY;
		call->answer = (struct seccomp_notif_resp){ .id = id };
		call->state = CALL_ANSWERED;
	}
	refcount_inc(&request->refs);
	list_add_tail(&request->node, &call->addfds);
	notify_tell_caller(listener, call, wake);
	return 0;
}

/*
 * A signal came first. What the caller has taken up must be awaited: it happens.
 * Only who is killed need not know.
 */
static int withdraw_addfd(struct seccomp_listener *listener, u64 id,
			  struct addfd_request *request, int err)
{
	struct waiting_call *call;
	bool queued;

	mutex_lock(&listener->lock);
	queued = !list_empty(&request->node);
	if (queued) {
		list_del_init(&request->node);
		call = notify_find_call(listener, id);
		if (call && request->send)
			call->state = CALL_RECEIVED;
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
 * @listener: the one that is asked
 * @buf: struct seccomp_notif_addfd of the supervisor's
 * @size: its size, as the supervisor knows it
 *
 * Context: Task context. Sleeps until the caller has the file, or a signal.
 * Return: The file's number in the caller, or as seccomp_unotify(2) says.
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
