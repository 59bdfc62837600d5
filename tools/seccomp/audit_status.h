/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What audit says of itself, over its netlink socket.
 */
#ifndef SCLOG_AUDIT_STATUS_H
#define SCLOG_AUDIT_STATUS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct audit_state - audit's status and the rules that hide records
 * @enabled: 0, 1, or 2 for locked
 * @pid: of the audit daemon, 0 without one
 * @rate: records a second, 0 for no limit
 * @backlog_limit: records that may wait
 * @lost: since boot
 * @never_task: a rule `-a never,task` exists
 * @excludes: a rule `-a always,exclude` names SECCOMP records
 */
struct audit_state {
	uint32_t enabled;
	uint32_t pid;
	uint32_t rate;
	uint32_t backlog_limit;
	uint32_t lost;
	bool never_task;
	bool excludes;
};

/**
 * audit_query() - ask the kernel
 *
 * Return: 0 or -errno: -EPERM without CAP_AUDIT_CONTROL, -ECONNREFUSED in
 * another user namespace, -EPROTONOSUPPORT without audit.
 */
int audit_query(struct audit_state *state);

#endif /* SCLOG_AUDIT_STATUS_H */
