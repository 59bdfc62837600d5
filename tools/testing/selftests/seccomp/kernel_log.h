/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel log, to which audit writes records if there is no daemon.
 */
#ifndef SECCOMP_TEST_KERNEL_LOG_H
#define SECCOMP_TEST_KERNEL_LOG_H

#include "common.h"

#include <poll.h>

/* Open it behind its last line. Returns a descriptor or -errno. */
static inline int kernel_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return fd;
}

/*
 * Read the next line. Returns 0 or -errno; -EAGAIN if there is no line within
 * the timeout. Lines that were overwritten before they were read are skipped.
 */
static inline int kernel_log_line(int fd, char *line, size_t size,
				  int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (timeout_ms)
		poll(&pollfd, 1, timeout_ms);
	do {
		len = read(fd, line, size - 1);
	} while (len < 0 && errno == EPIPE);
	if (len < 0)
		return -errno;
	line[len] = '\0';
	return 0;
}

/* The id of the filter whose summary a line has; 0 if it is another line */
static inline unsigned long long kernel_log_summary_of(const char *line)
{
	const char *gone = strstr(line, "op=seccomp-filter-gone ");
	unsigned long long filter;

	return gone && sscanf(gone, "%*s filter=%llx", &filter) == 1 ? filter : 0;
}

#endif /* SECCOMP_TEST_KERNEL_LOG_H */
