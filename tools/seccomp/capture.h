/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Other programs whose output is read: journalctl, systemctl, systemd-analyze.
 */
#ifndef SCLOG_CAPTURE_H
#define SCLOG_CAPTURE_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * capture_start() - run a command, found in PATH
 * @command: words, ends with NULL
 * @quiet: what it says on standard error is not shown
 * @pid: set
 *
 * Return: the end of a pipe from which its output is read; -errno if it cannot
 * be run.
 */
int capture_start(const char *const *command, bool quiet, pid_t *pid);

/** capture_end() - wait for it; true if its status is 0 */
bool capture_end(pid_t pid);

/** capture_all() - all that it prints, quietly; free() it; NULL if it fails */
char *capture_all(const char *const *command);

#endif /* SCLOG_CAPTURE_H */
