// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of the log. It is in the multicast group, which gets each record that
 * audit accepts, whatever becomes of the daemon.
 */
#include "load.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "../selftests/seccomp/audit.h"

/* Room for more than 100000 records */
#define BUFFER_BYTES	(256 << 20)
/* Longer than the kernel waits before it writes a summary again, many times */
#define SUMMARIES_MS	90000

static int open_group(void)
{
	struct sockaddr_nl group = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1),
	};
	int size = BUFFER_BYTES;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0 || bind(fd, (struct sockaddr *)&group, sizeof(group)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		return -1;
	return fd;
}

/* Returns false if it has not the form of a record. */
static bool parse(int type, const char *body, struct audit_text *record)
{
	const char *text = strstr(body, "): ");

	record->type = type;
	record->bytes = strlen(body);
	if (!text || sscanf(body, "audit(%*u.%*u:%u): ", &record->serial) != 1)
		return false;
	text += 3;
	if (strlen(text) >= sizeof(record->text))
		return false;
	strcpy(record->text, text);
	return true;
}

static void take(int type, const char *body, struct log_result *result)
{
	struct audit_text record;
	struct log_entry entry;

	if (type != AUDIT_SECCOMP && type != AUDIT_KERNEL_OTHER)
		return;
	if (!parse(type, body, &record) || log_entry_parse(&record, &entry) != 1) {
		result->invalid++;
		return;
	}
	result->records++;
	/* as if it had not arrived */
	if (strstr(config.faults, "record") && result->records == 20)
		return;
	account_add(&entry);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void read_log(int fd, struct log_result *result)
{
	struct {
		struct nlmsghdr head;
		char body[8970];
	} msg;
	struct pollfd event = { .fd = fd, .events = POLLIN };
	long long end = 0;

	while (!end || (account_pending() && now_ms() < end)) {
		ssize_t len;

		if (poll(&event, 1, 1000) != 1)
			continue;
		len = recv(fd, &msg, sizeof(msg) - 1, 0);
		if (len < 0 && errno == ENOBUFS)
			result->overruns++;
		/* records do not count their header in nlmsg_len */
		if (len < (ssize_t)sizeof(msg.head))
			continue;
		((char *)&msg)[len] = '\0';
		if (msg.head.nlmsg_type == AUDIT_USER_AVC &&
		    strstr(msg.body, LOG_MARKER))
			end = now_ms() + SUMMARIES_MS;
		take(msg.head.nlmsg_type, msg.body, result);
	}
}

pid_t log_start(struct log_result *result, unsigned long long since)
{
	int fd = open_group();
	pid_t pid;

	if (fd < 0)
		return -1;
	memset(result, 0, sizeof(*result));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpriority(PRIO_PROCESS, 0, -20);
		account_start(since);
		read_log(fd, result);
		account_finish(result);
		fflush(stdout);
		_exit(0);
	}
	close(fd);
	return pid;
}
