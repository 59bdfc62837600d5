/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The audit records about filters.
 */
#ifndef _KERNEL_SECCOMP_FILTER_RECORD_H
#define _KERNEL_SECCOMP_FILTER_RECORD_H

#include "record.h"

struct seccomp_filter_log;

/* filter_record.c */
enum seccomp_record
seccomp_filter_record_attacher(const struct seccomp_filter_log *log);
enum seccomp_record
seccomp_filter_record_summary(const struct seccomp_filter_log *log);

#endif /* _KERNEL_SECCOMP_FILTER_RECORD_H */
