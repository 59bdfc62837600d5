/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sources of events of a running command, and which one is to be used.
 */
#ifndef SCLOG_SOURCE_H
#define SCLOG_SOURCE_H

#include "policy.h"
#include "watch.h"

/**
 * struct source - one of trace, log, notify
 * @name: by which it is chosen
 * @title: what to expect of it, for people
 * @unwatched: what it does not show and allows, for people; NULL: nothing
 * @add_unwatched: allow that in a policy; or NULL
 * @run: start a command and watch it; returns as trace_run()
 */
struct source {
	const char *name;
	const char *title;
	const char *unwatched;
	void (*add_unwatched)(struct policy *policy);
	int (*run)(struct watch *watch);
	/* private */
	uint32_t action;
	struct policy *(*asks)(const struct policy *policy);
};

/** source_is_name() - "auto", "trace", "log" or "notify" */
bool source_is_name(const char *name);

/**
 * source_choose() - the source of that name, or the best one for "auto"
 * @paths: "auto" is one that can read the paths of calls
 *
 * Return: NULL after a message if it cannot be used here.
 */
const struct source *source_choose(const char *verb, const char *name,
				   bool paths);

/**
 * source_filter() - make the command's filter: it asks about all calls that a
 * policy does not allow
 * @watch: its filter and the flags to attach it are set
 * @policy: NULL: ask about all calls
 *
 * Return: 0, or STATUS_NO_FILTER after a message.
 */
int source_filter(const struct source *source, struct watch *watch,
		  const struct policy *policy);

#endif /* SCLOG_SOURCE_H */
