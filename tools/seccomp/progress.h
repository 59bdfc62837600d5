/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A line on standard error that is drawn anew while a command runs.
 *
 * Only if that is a terminal, and not the one that the command's standard input
 * or output is: a program that draws on the whole screen would be garbled.
 */
#ifndef SCLOG_PROGRESS_H
#define SCLOG_PROGRESS_H

#include <stdbool.h>

/* Zero-initialized shows nothing */
struct progress {
	bool on;
	bool shown;
};

void progress_begin(struct progress *progress);

/** progress_is_due() - there is a line to be shown */
bool progress_is_due(const struct progress *progress);

/** progress_show() - in place of the line before; frees @text */
void progress_show(struct progress *progress, char *text);

/** progress_end() - take the line away */
void progress_end(struct progress *progress);

#endif /* SCLOG_PROGRESS_H */
