/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel log, to which audit writes if there is no daemon.
 */
#ifndef SECCOMP_TEST_KERNEL_LOG_H
#define SECCOMP_TEST_KERNEL_LOG_H

#include "common.h"

#include <poll.h>

/* All that is written to it from now on: a descriptor, or -errno */
static inline int kernel_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return fd;
}

/*
 * The next line, or -EAGAIN if there is none for so long. Lines that were
 * overwritten before they were read are not missed here.
 */
static inline int kernel_log_line(int fd, char *line, size_t size, int patience_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (patience_ms)
		poll(&pollfd, 1, patience_ms);
	do {
		len = read(fd, line, size - 1);
	} while (len < 0 && errno == EPIPE);
	if (len < 0)
		return -errno;
	line[len] = '\0';
	return 0;
}

/* The filter of which a line is the summary, or 0 */
static inline unsigned long long kernel_log_gone(const char *line)
{
	const char *gone = strstr(line, "op=seccomp-filter-gone ");
	unsigned long long filter;

	return gone && sscanf(gone, "%*s filter=%llx", &filter) == 1 ? filter : 0;
}

#endif /* SECCOMP_TEST_KERNEL_LOG_H */
