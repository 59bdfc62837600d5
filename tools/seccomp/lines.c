// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of a file, compressed or not, that may grow.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lines.h"
#include "out.h"

#define CHUNK		(64 * 1024)

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Without SA_RESTART: poll() and read() end */
void lines_stop_by_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool lines_stopped(void)
{
	return stopped;
}

bool lines_open(struct lines *lines)
{
	lines->file = gzdopen(lines->fd, "rb");
	if (!lines->file) {
		pr_err_at(lines->name, 0, "%s", strerror(ENOMEM));
		close(lines->fd);
		return false;
	}
	gzbuffer(lines->file, 2 * CHUNK);
	return true;
}

/* More into the buffer behind what is there; false at the end */
static bool fill(struct lines *lines)
{
	int got;

	if (lines->at) {
		memmove(lines->buffer, lines->buffer + lines->at,
			lines->end - lines->at);
		lines->end -= lines->at;
		lines->at = 0;
	}
	if (lines->room - lines->end < CHUNK) {
		lines->room = 2 * lines->room + CHUNK;
		lines->buffer = xreallocarray(lines->buffer, lines->room, 1);
	}
	got = gzread(lines->file, lines->buffer + lines->end, CHUNK);
	if (got < 0) {
		int code;
		const char *why = gzerror(lines->file, &code);

		if (code == Z_ERRNO && errno == EINTR && stopped)
			return false;
		pr_err_at(lines->name, lines->line, "%s",
			  code == Z_ERRNO ? strerror(errno) : why);
		lines->failed = true;
		return false;
	}
	lines->end += got;
	return got > 0;
}

/* The file grew, or another one has its name; false: stop */
static bool wait_for_more(struct lines *lines)
{
	struct pollfd poll_for = { .fd = lines->wait, .events = POLLIN };
	struct stat here;
	struct stat there;
	char events[4096];

	if (lines->wait < 0 || stopped)
		return false;
	if (lines->idle)
		lines->idle(lines->data);
	if (poll(&poll_for, 1, -1) < 0)
		return false;
	if (read(lines->wait, events, sizeof(events)) < 0)
		return false;
	gzclearerr(lines->file);
	if (!fstat(lines->fd, &here) && !stat(lines->name, &there) &&
	    (here.st_ino != there.st_ino || here.st_dev != there.st_dev)) {
		int fd;

		/* what was written before it was renamed */
		if (fill(lines))
			return true;
		fd = open(lines->name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return true;
		gzclose(lines->file);
		lines->fd = fd;
		lines->file = gzdopen(fd, "rb");
	}
	return lines->file;
}

void lines_follow(struct lines *lines, void (*idle)(void *data), void *data)
{
	const char *slash = strrchr(lines->name, '/');
	char *folder = slash ? strndup(lines->name, slash - lines->name + 1) :
			       xstrdup(".");

	lines->idle = idle;
	lines->data = data;
	lines->wait = inotify_init1(IN_CLOEXEC);
	if (lines->wait < 0 ||
	    inotify_add_watch(lines->wait, folder, IN_MODIFY | IN_CREATE |
			      IN_MOVED_TO) < 0)
		pr_warn_at(lines->name, 0, "cannot wait for more: %s",
			   strerror(errno));
	free(folder);
}

char *lines_next(struct lines *lines, size_t *length)
{
	size_t searched = 0;

	for (;;) {
		char *line = lines->buffer + lines->at;
		size_t have = lines->end - lines->at;
		char *newline = have > searched ?
			memchr(line + searched, '\n', have - searched) : NULL;

		if (newline) {
			*length = newline - line;
			lines->at += *length + 1;
			lines->line++;
			return line;
		}
		searched = have;
		if (have > LINE_MAX_BYTES) {
			/* no record is that long: only its start is looked at */
			lines->at = lines->end - 1;
			lines->buffer[lines->at] = '\0';
			*length = LINE_MAX_BYTES;
			return line;
		}
		if (!fill(lines) &&
		    (stopped || !wait_for_more(lines)))
			break;
	}
	if (lines->at == lines->end)
		return NULL;
	*length = lines->end - lines->at;
	lines->at = lines->end;
	lines->line++;
	return lines->buffer + lines->end - *length;
}

char *lines_bytes(struct lines *lines, size_t length)
{
	while (lines->end - lines->at < length)
		if (!fill(lines))
			return NULL;
	lines->at += length;
	return lines->buffer + lines->at - length;
}

void lines_close(struct lines *lines)
{
	if (gzclose(lines->file) == Z_BUF_ERROR) {
		pr_err_at(lines->name, 0, "the compressed data ends too early");
		lines->failed = true;
	}
	free(lines->buffer);
	if (lines->wait >= 0)
		close(lines->wait);
}
