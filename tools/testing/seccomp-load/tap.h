/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results in the Test Anything Protocol
 */
#ifndef SECCOMP_LOAD_TAP_H
#define SECCOMP_LOAD_TAP_H

#include <stdbool.h>

void tap(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Print the plan. Returns the exit status. */
int tap_done(void);

#endif /* SECCOMP_LOAD_TAP_H */
