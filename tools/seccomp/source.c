// SPDX-License-Identifier: GPL-2.0
/*
 * The sources of events of a running command.
 */
#include <linux/seccomp.h>
#include <string.h>
#include <unistd.h>

#include "filter.h"
#include "multicast.h"
#include "notify.h"
#include "sclog.h"
#include "source.h"
#include "trace.h"

static int listen_run(struct watch *watch)
{
	return notify_run(watch, NULL);
}

static const struct source sources[] = {
	{
		.name = "trace",
		.title = "trace (no root, nothing can be lost, some 8 us a call)",
		.run = trace_run,
		.action = SECCOMP_RET_TRACE,
		.asks = trace_untraced,
	},
	{
		.name = "log",
		.title = "log (audit's records)",
		.run = multicast_run,
		.action = SECCOMP_RET_LOG,
	},
	{
		.name = "notify",
		.title = "notify (a signal may make a call fail with EINTR)",
		.unwatched = NOTIFY_UNWATCHED,
		.add_unwatched = notify_add,
		.run = listen_run,
		.action = SECCOMP_RET_USER_NOTIF,
		.asks = notify_policy,
	},
};

#define NR_SOURCES	(sizeof(sources) / sizeof(sources[0]))

static const struct source *find(const char *name)
{
	for (size_t i = 0; i < NR_SOURCES; i++)
		if (!strcmp(sources[i].name, name))
			return &sources[i];
	return NULL;
}

bool source_is_name(const char *name)
{
	return !strcmp(name, "auto") || find(name);
}

const struct source *source_choose(const char *verb, const char *name,
				   bool paths)
{
	const char *why = NULL;

	if (!strcmp(name, "auto")) {
		if (paths)
			why = "has no paths";
		else if (!multicast_logs_once())
			why = "this kernel cannot log each call once";
		else if (multicast_possible(&why))
			return find("log");
		pr_debug("%s: not by log: %s", verb, why);
		if (trace_possible())
			return find("trace");
		pr_debug("%s: not by trace: ptrace is forbidden here, or the kernel is older than 5.3",
			 verb);
		return find("notify");
	}
	if (!strcmp(name, "log") && !multicast_possible(&why)) {
		pr_err("%s: --source=log: %s", verb, why);
		return NULL;
	}
	if (!strcmp(name, "trace") && !trace_possible()) {
		pr_err("%s: --source=trace: ptrace is forbidden here, or the kernel is older than 5.3",
		       verb);
		return NULL;
	}
	return find(name);
}

/* What is allowed stays allowed; all else is asked about, also to be denied */
static uint32_t answer(void *data, const struct filter_answer *answer)
{
	const struct source *source = data;

	if (answer->action == SCMP_ACT_ALLOW || answer->action == SCMP_ACT_LOG)
		return SECCOMP_RET_ALLOW;
	return source->action;
}

int source_filter(const struct source *source, struct watch *watch,
		  const struct policy *policy)
{
	struct policy *empty = NULL;
	struct policy *asks = NULL;
	struct call execve;
	int err;

	if (!policy) {
		empty = policy_new();
		policy = empty;
	}
	if (source->asks) {
		asks = source->asks(policy);
		policy = asks;
	}
	watch->must_see = !call_by_name(abi_native(), "execve", &execve) &&
		policy_eval(policy, &execve, NULL, 0).action != SCMP_ACT_ALLOW;
	err = filter_build(policy, answer, (void *)source, &watch->prog);
	policy_free(asks);
	policy_free(empty);
	if (err) {
		pr_err("%s: the policy is too long for a filter", watch->verb);
		return STATUS_NO_FILTER;
	}
	pr_debug("%s: by %s, a filter of %u instructions", watch->verb,
		 source->name, watch->prog.len);
	return 0;
}
