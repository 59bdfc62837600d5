/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source `log`: SECCOMP_RET_LOG, and the records of it from audit's
 * multicast group, beside an audit daemon or without one.
 */
#ifndef SCLOG_MULTICAST_H
#define SCLOG_MULTICAST_H

#include <linux/seccomp.h>

#include "unit.h"
#include "watch.h"

/* Only kernels that can log once have it */
#ifndef SECCOMP_FILTER_FLAG_LOG_ONCE
#define SECCOMP_FILTER_FLAG_LOG_ONCE	0x80000000UL
#endif

/** multicast_logs_once() - a filter of this kernel can log each call once */
bool multicast_logs_once(void);

/**
 * multicast_possible() - records can be read and told from others'
 * @why: set to a constant if not
 */
bool multicast_possible(const char **why);

/**
 * multicast_tells() - which calls a filter of this kernel refuses by an action
 * @action: SECCOMP_RET_* without data
 */
bool multicast_tells(uint32_t action);

/**
 * multicast_run() - start the command and watch it
 *
 * The filter answers SECCOMP_RET_LOG for what is to be seen; with @refusals,
 * what it has, and all but allow is seen. An event comes some time after its
 * call.
 *
 * Return: 0, or after a message STATUS_NO_FILTER, STATUS_NOT_FOUND or
 * STATUS_CANNOT_RUN if the command did not begin.
 */
int multicast_run(struct watch *watch);

/**
 * multicast_unit() - restart a service with its calls logged, watch it until a
 * signal or the time limit comes, and restart it as it was
 *
 * Return: 0, or after a message STATUS_NO_FILTER if it was not watched,
 * STATUS_FAILED if it could not be restarted as it was.
 */
int multicast_unit(struct watch *watch, struct unit *unit);

#endif /* SCLOG_MULTICAST_H */
