/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source `trace`: SECCOMP_RET_TRACE and ptrace, one stop for each call that
 * the filter asks about. Needs no privilege and loses nothing.
 *
 * Each process that the command starts is traced, too, and sclog must stay as
 * long as one lives: without a tracer its calls would fail. If sclog is
 * killed, the kernel kills them all.
 */
#ifndef SCLOG_TRACE_H
#define SCLOG_TRACE_H

#include "policy.h"
#include "watch.h"

/**
 * trace_possible() - ptrace is not forbidden here
 */
bool trace_possible(void);

/**
 * trace_untraced() - what of a policy must be asked about in any case
 *
 * clone() and clone3() can make a process that is not traced (CLONE_UNTRACED).
 * The tracer takes that flag out, so it must see the calls that have it.
 *
 * Return: a copy of the policy that does not allow them, for policy_free().
 */
struct policy *trace_untraced(const struct policy *policy);

/**
 * trace_run() - start the command and watch it until its last process ends
 *
 * The filter answers SECCOMP_RET_TRACE for what is to be seen.
 *
 * Return: 0, or after a message STATUS_NO_FILTER, STATUS_NOT_FOUND or
 * STATUS_CANNOT_RUN if the command did not begin.
 */
int trace_run(struct watch *watch);

/**
 * trace_refusals() - the same for a filter that kills or traps
 *
 * It has no SECCOMP_RET_TRACE; events are the calls that were answered by kill
 * or trap, with action and sig.
 */
int trace_refusals(struct watch *watch);

#endif /* SCLOG_TRACE_H */
