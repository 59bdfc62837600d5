// SPDX-License-Identifier: GPL-2.0
/*
 * Other programs whose output is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"

int capture_start(const char *const *command, bool quiet, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int ends[2];
	int err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (quiet)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
						 "/dev/null", O_WRONLY, 0);
	err = posix_spawnp(pid, command[0], &actions, NULL,
			   (char *const *)command, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!err)
		return ends[0];
	close(ends[0]);
	return -err;
}

bool capture_end(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return status == 0;
}

char *capture_all(const char *const *command)
{
	char *text = NULL;
	size_t length = 0;
	FILE *in;
	FILE *out;
	pid_t pid;
	int fd = capture_start(command, true, &pid);
	int c;

	if (fd < 0)
		return NULL;
	in = fdopen(fd, "r");
	out = open_memstream(&text, &length);
	while (in && out && (c = getc(in)) != EOF)
		putc(c, out);
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	if (capture_end(pid))
		return text;
	free(text);
	return NULL;
}
