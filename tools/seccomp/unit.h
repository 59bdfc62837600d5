/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A systemd service whose calls systemd has logged: SystemCallLog= in a drop-in
 * below /run, for as long as it is watched.
 */
#ifndef SCLOG_UNIT_H
#define SCLOG_UNIT_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct unit - a service
 * @name: as systemd has it, "redis-server.service"
 * @exe: path of its main program once it has been restarted, or NULL
 */
struct unit {
	char *name;
	char *exe;
	/* private */
	char *folder;
	char *file;
	char *once_before;
};

/** unit_is_name() - is it one unit's name? false after a message */
bool unit_is_name(const char *name);

/** unit_find() - ask systemd for it; false after a message */
bool unit_find(struct unit *unit, const char *name);

/** unit_begin() - restart it with its calls logged; false after a message */
bool unit_begin(struct unit *unit);

/** unit_end() - restart it as it was; false after a message */
bool unit_end(struct unit *unit);

/** unit_has() - 1: the process is of the service, 0: not, -1: it has gone */
int unit_has(const struct unit *unit, pid_t pid);

void unit_free(struct unit *unit);

/**
 * systemd_logs_errors() - does systemd ask for a record of each refused call?
 *
 * Return: false also if it cannot be known.
 */
bool systemd_logs_errors(void);

#endif /* SCLOG_UNIT_H */
