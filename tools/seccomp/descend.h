/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that the command has started, where no tracer knows them: sclog
 * takes those whose parent has ended as children of its own.
 */
#ifndef SCLOG_DESCEND_H
#define SCLOG_DESCEND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** adopt_orphans() - be the parent of what the command leaves behind */
void adopt_orphans(void);

/**
 * descendants() - processes that sclog has started, and those they have
 * @nr: set to their number
 *
 * Return: their ids, to be free()d.
 */
pid_t *descendants(size_t *nr);

/** kill_descendants() - send a signal to all; @source is not used */
void kill_descendants(void *source, int signal);

#endif /* SCLOG_DESCEND_H */
