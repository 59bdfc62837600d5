// SPDX-License-Identifier: GPL-2.0
/*
 * The source `notify`: SECCOMP_RET_USER_NOTIF and a listener.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descend.h"
#include "notify.h"
#include "out.h"
#include "sclog.h"
#include "signals.h"
#include "task.h"

/* 5.19, Debian 12's headers have it not */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	0x20UL
#endif

static const char *const unwatched[] = {
	"brk", "clone", "clone3", "close", "exit", "exit_group", "fork", "mmap",
	"mmap2", "mprotect", "mremap", "munmap", "restart_syscall",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaction",
	"sigprocmask", "sigreturn", "vfork",
};

#define NR_UNWATCHED	(sizeof(unwatched) / sizeof(unwatched[0]))

/**
 * struct listener - a run
 * @request: and @response: of the sizes that the kernel has
 * @last: the call that was received last; asked about again if a signal came
 */
struct listener {
	struct watch *watch;
	int (*answer)(struct watch *watch, const struct event *event);
	struct tasks tasks;
	struct seccomp_notif_sizes sizes;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *response;
	struct seccomp_notif last;
	bool last_failed;
	pid_t executed;
};

struct policy *notify_policy(const struct policy *policy)
{
	struct policy *allows = policy_new();
	struct call call;

	policy_merge(allows, policy, NULL, NULL);
	for (const struct abi *abi = abi_next(NULL); abi; abi = abi_next(abi))
		for (size_t i = 0; i < NR_UNWATCHED && abi_runs_here(abi); i++)
			if (!call_by_name(abi, unwatched[i], &call))
				policy_allow(allows, &call);
	return allows;
}

void notify_add(struct policy *policy)
{
	const struct rule refused = { .action = SCMP_ACT_ERRNO(ENOSYS) };

	for (size_t i = 0; i < policy->nr_archs; i++) {
		for (size_t j = 0; j < NR_UNWATCHED; j++) {
			struct policy_call *entry;
			struct call call;

			if (call_by_name(policy->archs[i], unwatched[j], &call))
				continue;
			entry = policy_get(policy, &call);
			if (entry->nr_rules || entry->answer)
				continue;
			policy_set_text(&entry->why, "notify");
			/* as companions_add(), for clone() in its place */
			if (!strcmp(unwatched[j], "clone3"))
				policy_add_rule(policy, &call, &refused);
			else
				policy_allow(policy, &call);
		}
	}
}

static bool is_valid(const struct listener *listener)
{
	return !ioctl(listener->watch->command.listener,
		      SECCOMP_IOCTL_NOTIF_ID_VALID, &listener->request->id);
}

/* A call that a signal has interrupted is made, and so asked about, again */
static bool is_repeated(const struct listener *listener)
{
	const struct seccomp_notif *now = listener->request;

	return listener->last_failed && now->pid == listener->last.pid &&
	       !memcmp(&now->data, &listener->last.data, sizeof(now->data));
}

static void set_event(struct listener *listener, struct event *event)
{
	const struct seccomp_notif *request = listener->request;
	struct task *task = task_get(&listener->tasks, request->pid);

	*event = (struct event){
		.kind = EVENT_CALL,
		.source = SOURCE_NOTIFY,
		.call = {
			.abi = abi_by_audit(request->data.arch,
					    request->data.nr),
			.nr = request->data.nr,
		},
		.audit_arch = request->data.arch,
		.args_known = EVENT_ARGS_ALL,
		.ip = request->data.instruction_pointer,
		.action = SECCOMP_RET_USER_NOTIF,
		.count = 1,
	};
	for (int i = 0; i < EVENT_ARGS; i++)
		event->args[i] = request->data.args[i];
	/* its last call was execve(), prctl() or the like */
	if (listener->executed == task->tid) {
		listener->executed = 0;
		task_changed(task);
		task_read(task);
		watch_executed(listener->watch, task->tgid);
	}
	task_event(task, event);
}

static bool is_executing(const struct event *event)
{
	const char *name = event->call.abi ? call_name(&event->call) : NULL;

	return name && (!strcmp(name, "execve") || !strcmp(name, "execveat") ||
			is_renaming(event));
}

static void handle(struct listener *listener)
{
	struct seccomp_notif_resp *response = listener->response;
	struct watch *watch = listener->watch;
	struct event event;
	char *path = NULL;
	bool repeated = is_repeated(listener);

	set_event(listener, &event);
	if (watch->paths && !repeated) {
		path = task_path(&event);
		/* the id may be another's by now, and so what was read */
		if (!is_valid(listener)) {
			free(path);
			path = NULL;
		}
	}
	event.path = path;
	memset(response, 0, listener->sizes.seccomp_notif_resp);
	response->id = listener->request->id;
	if (listener->answer) {
		watch->calls++;
		watch->event(watch, &event);
		response->error = -listener->answer(watch, &event);
	} else {
		response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	}
	listener->last_failed = ioctl(watch->command.listener,
				      SECCOMP_IOCTL_NOTIF_SEND, response) < 0;
	listener->last = *listener->request;
	if (is_executing(&event))
		listener->executed = event.tid;
	/* behind the answer: the next call is received so much earlier */
	if (!listener->answer && !repeated) {
		watch->calls++;
		watch->event(watch, &event);
	}
	free(path);
}

/* Threads that have ended long ago, whose ids may be taken by others */
static void forget_tasks(struct listener *listener)
{
	if (listener->tasks.count > 4096)
		tasks_free(&listener->tasks);
}

static void listen_loop(struct listener *listener)
{
	struct watch *watch = listener->watch;
	struct pollfd poll_fd = {
		.fd = watch->command.listener,
		.events = POLLIN,
	};
	const struct timespec now = {};
	sigset_t waiting;

	/*
	 * Signals come while it waits in ppoll(), nowhere else, and there only
	 * if it has to wait: let them in now and then.
	 */
	signals_block(&waiting);
	for (unsigned int i = 0;; i++) {
		int ready = i % 64 ? ppoll(&poll_fd, 1, NULL, &waiting) :
			ppoll(NULL, 0, &now, &waiting);

		if (ready < 0 || signals.any) {
			bool was_tick = signals.tick;
			bool left = watch_reap(watch);

			watch_signals(watch, kill_descendants, NULL);
			if (!left)
				break;
			/* what is run needs no answers other than ENOSYS */
			if (listener->answer && watch->main_ended)
				break;
			if (was_tick && watch->main_ended) {
				size_t nr;
				pid_t *pids = descendants(&nr);

				watch_remaining(watch, pids, nr);
				free(pids);
			}
			forget_tasks(listener);
		}
		if (ready <= 0)
			continue;
		if (poll_fd.revents & POLLIN) {
			memset(listener->request, 0,
			       listener->sizes.seccomp_notif);
			/* ENOENT: the call was given up */
			if (!ioctl(watch->command.listener,
				   SECCOMP_IOCTL_NOTIF_RECV, listener->request))
				handle(listener);
		} else if (poll_fd.revents) {
			/* POLLHUP: the last process with the filter is gone */
			poll_fd.fd = -1;
		}
	}
	sigprocmask(SIG_SETMASK, &waiting, NULL);
}

static int start(struct watch *watch)
{
	unsigned int flags = watch->command.filter_flags;
	int status;

	/* the kernel before 5.19 does not know it and says EINVAL */
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     SECCOMP_FILTER_FLAG_NEW_LISTENER |
		     SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, NULL) ||
	    errno == EFAULT)
		watch->command.filter_flags |=
			SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	status = command_start(&watch->command, &watch->prog, START_LISTENER);
	watch->command.filter_flags = flags;
	return status;
}

int notify_run(struct watch *watch,
	       int (*answer)(struct watch *watch, const struct event *event))
{
	struct listener listener = {
		.watch = watch,
		.answer = answer,
	};
	int status;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0,
		    &listener.sizes)) {
		pr_err("%s: this kernel has no seccomp listeners: %s",
		       watch->verb, strerror(errno));
		return STATUS_NO_FILTER;
	}
	if (!answer)
		adopt_orphans();
	status = start(watch);
	if (status)
		return status;
	watch_started(watch);
	listener.request = xcalloc(1, listener.sizes.seccomp_notif +
				   sizeof(*listener.request));
	listener.response = xcalloc(1, listener.sizes.seccomp_notif_resp +
				    sizeof(*listener.response));
	listen_loop(&listener);
	free(listener.request);
	free(listener.response);
	tasks_free(&listener.tasks);
	return command_failed(&watch->command);
}
