/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of rotated logs: "audit.log", "audit.log.1", "audit.log.2.gz". Pure.
 */
#ifndef SCLOG_ROTATED_H
#define SCLOG_ROTATED_H

#include <stdbool.h>
#include <stddef.h>

/** same_log() - two names of one log */
bool same_log(const char *a, const char *b);

/**
 * rotated_sort() - from the oldest to the newest
 * @names: a higher number is older; names of different logs keep their order
 */
void rotated_sort(char **names, size_t nr);

#endif /* SCLOG_ROTATED_H */
