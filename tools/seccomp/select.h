/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which events of a log are asked for. Pure but for select_unit().
 */
#ifndef SCLOG_SELECT_H
#define SCLOG_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

enum select_action {
	SELECT_ALL,
	SELECT_LOGGED,		/* what was let through and logged */
	SELECT_DENIED,		/* errno, trap, kill */
};

/* A set of process or filter ids */
struct id_set {
	uint64_t *ids;
	size_t nr;
};

/**
 * struct selection - zero-initialized selects all
 *
 * Each is a list of which one must match; all lists must match. comm and exe
 * are fnmatch(3)'s patterns.
 */
struct selection {
	enum select_action action;
	struct id_set pids;
	struct id_set uids;
	struct id_set filters;
	const char **comms;
	size_t nr_comms;
	const char **exes;
	size_t nr_exes;
	bool has_since;
	bool has_until;
	int64_t since_ms;
	int64_t until_ms;
	bool has_unit;
	struct id_set unit_pids;
	struct id_set unit_filters;	/* attached by one of them */
};

void id_set_add(struct id_set *set, uint64_t id);
bool id_set_has(const struct id_set *set, uint64_t id);

/** is_denied() - the action keeps the call from being made */
bool is_denied(uint32_t action);

/** select_event() - a call that is asked for; learns who attached filters */
bool select_event(struct selection *selection, const struct event *event);

/**
 * select_unit() - the processes of a systemd unit: those that run, and those
 * that its journal tells of
 *
 * Return: false after a message.
 */
bool select_unit(struct selection *selection, const char *unit);

/**
 * select_time() - "-1h", "-30min", "@1700000000", "2026-11-25 10:00[:00]",
 * "2026-11-25", "10:00", "now", "today", "yesterday"
 *
 * Return: false if it is none of these.
 */
bool select_time(const char *text, int64_t now, int64_t *time_ms);

void selection_free(struct selection *selection);

#endif /* SCLOG_SELECT_H */
