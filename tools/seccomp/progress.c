// SPDX-License-Identifier: GPL-2.0
/*
 * A line on standard error that is drawn anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out.h"
#include "progress.h"

static bool is_same_terminal(int fd, const struct stat *terminal)
{
	struct stat other;

	return isatty(fd) && !fstat(fd, &other) &&
	       other.st_rdev == terminal->st_rdev;
}

void progress_begin(struct progress *progress)
{
	const char *term = getenv("TERM");
	struct stat terminal;

	progress->shown = false;
	progress->on = !options.quiet && isatty(STDERR_FILENO) &&
		term && strcmp(term, "dumb") &&
		!fstat(STDERR_FILENO, &terminal) &&
		!is_same_terminal(STDIN_FILENO, &terminal) &&
		!is_same_terminal(STDOUT_FILENO, &terminal);
}

bool progress_is_due(const struct progress *progress)
{
	return progress->on;
}

void progress_show(struct progress *progress, char *text)
{
	fprintf(stderr, "\r\033[Ksclog: %s", text);
	progress->shown = true;
	free(text);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
