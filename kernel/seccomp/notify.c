// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: user notification. A call that a filter hands over waits here until
 * a supervisor, who reads calls from a descriptor, answers it.
 */

#include <linux/anon_inodes.h>
#include <linux/completion.h>
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

#include "internal.h"

/* Programs built with old headers ask for ID_VALID in the wrong direction. */
#define NOTIF_ID_VALID_OLD	SECCOMP_IOR(2, __u64)

/* Extensible ioctls are told apart without their size and direction. */
#define IOCTL_KIND(cmd)		((cmd) & ~(IOC_INOUT | IOCSIZE_MASK))

/* struct seccomp_notif_addfd as it was first published */
#define ADDFD_SIZE_FIRST	24

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
 * @addfds: struct addfd_request, in the order they came
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
		__wake_up_sync_key(&listener->waiters, TASK_NORMAL,
				   poll_to_key(what));
	else
		wake_up_poll(&listener->waiters, what);
}

/* The caller is woken by wake_up_q() when the lock is dropped. */
static void tell_caller(struct seccomp_listener *listener,
			struct waiting_call *call, struct wake_q_head *wake)
{
	lockdep_assert_held(&listener->lock);

	WRITE_ONCE(call->news, true);
	wake_q_add(wake, call->task);
}

static struct waiting_call *find_call(struct seccomp_listener *listener, u64 id)
{
	struct waiting_call *call;

	lockdep_assert_held(&listener->lock);

	list_for_each_entry(call, &listener->calls, node)
		if (call->id == id)
			return call;

	return NULL;
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

/* A call that a supervisor has and has not answered, or ENOENT, EINPROGRESS */
static struct waiting_call *find_received(struct seccomp_listener *listener,
					  u64 id)
{
	struct waiting_call *call = find_call(listener, id);

	if (!call)
		return ERR_PTR(-ENOENT);
	if (call->state != CALL_RECEIVED)
		return ERR_PTR(-EINPROGRESS);
	return call;
}

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
	return receive_fd(request->file, request->fd_flags);
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

static void take_addfds(struct seccomp_listener *listener,
			struct waiting_call *call)
{
	struct addfd_request *request;

	while (!fatal_signal_pending(current) && (request = first_addfd(call)))
		take_addfd(listener, call, request);
}

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
	struct addfd_request *request;
	int err = 0;

	while (!err && call->state != CALL_ANSWERED) {
		err = wait_for_news(listener, call);
		if (!err)
			take_addfds(listener, call);
	}

	/* An answer that was given counts, whatever else happened. */
	if (call->state == CALL_ANSWERED) {
		take_addfds(listener, call);
		if (call->state == CALL_ANSWERED)
			err = 0;
	}
	while ((request = first_addfd(call))) {
		list_del_init(&request->node);
		finish_addfd(request, -ESRCH);
	}
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
	call = find_call(listener, id);
	if (call && call->state == CALL_RECEIVED) {
		post(listener, call);
		/* it may sleep as before again, and has to tell */
		tell_caller(listener, call, &wake);
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
				tell_caller(listener, call, &wake);
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
	call = find_received(listener, answer.id);
	if (IS_ERR(call)) {
		ret = PTR_ERR(call);
	} else {
		call->answer = answer;
		call->state = CALL_ANSWERED;
		tell_caller(listener, call, &wake);
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
	if (IS_ERR(find_received(listener, id)))
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

static int queue_addfd(struct seccomp_listener *listener, u64 id,
		       struct addfd_request *request, struct wake_q_head *wake)
{
	struct waiting_call *call;

	lockdep_assert_held(&listener->lock);

	call = find_received(listener, id);
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
	tell_caller(listener, call, wake);
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
		call = find_call(listener, id);
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

static long notif_addfd(struct seccomp_listener *listener, void __user *buf,
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
		return notif_addfd(listener, buf, _IOC_SIZE(cmd));
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
		tell_caller(listener, call, &wake);
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
