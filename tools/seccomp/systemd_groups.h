/* SPDX-License-Identifier: GPL-2.0 */
/*
 * systemd's sets of calls, as its systemd-analyze knows them on this machine.
 */
#ifndef SCLOG_SYSTEMD_GROUPS_H
#define SCLOG_SYSTEMD_GROUPS_H

#include "format.h"

/* A set, as systemd-analyze syscall-filter prints it: @name, calls and sets */
struct group {
	char *name;
	struct words calls;
};

struct groups {
	struct group *groups;
	size_t nr;
};

/** groups_read() - all sets; none if there is no systemd. groups_free() them */
struct groups groups_read(void);
void groups_free(struct groups *groups);

/** groups_find() - by name; NULL if there is none */
const struct group *groups_find(const struct groups *groups, const char *name);

/** groups_expand() - add the calls of a set, and of the sets in it */
void groups_expand(const struct groups *groups, const char *name,
		   struct words *calls);

#endif /* SCLOG_SYSTEMD_GROUPS_H */
