// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink messages to and from audit.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "audit.h"

int audit_listen(int bytes)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1),
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_AUDIT);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		int err = -errno;

		close(fd);
		return err;
	}
	/* beyond rmem_max only with CAP_NET_ADMIN */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return fd;
}

ssize_t audit_receive(int fd, char *buffer, unsigned int *type,
		      const char **text)
{
	struct nlmsghdr *header = (struct nlmsghdr *)buffer;
	ssize_t length;

	do {
		length = recv(fd, buffer, AUDIT_DATAGRAM_MAX, 0);
		if (length < 0 && errno != EINTR)
			return -errno;
	} while (length < (ssize_t)NLMSG_HDRLEN);
	*type = header->nlmsg_type;
	*text = NLMSG_DATA(header);
	return length - NLMSG_HDRLEN;
}

/* Send a request, and receive until an error or a reply of type @reply comes */
static int request(unsigned int type, const void *data, size_t length,
		   unsigned int reply, void *result, size_t size)
{
	struct {
		struct nlmsghdr header;
		char data[1024];
	} message = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(length),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = 1,
		},
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct timeval limit = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	char buffer[4096];
	bool done = !reply;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (length)
		memcpy(message.data, data, length);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (sendto(fd, &message, message.header.nlmsg_len, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		err = -errno;
	while (!err) {
		struct nlmsghdr *header = (struct nlmsghdr *)buffer;
		ssize_t got = recv(fd, buffer, sizeof(buffer), 0);

		/* with a time limit it is not restarted after a signal */
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err = -errno;
		} else if (header->nlmsg_type == NLMSG_ERROR) {
			err = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
			if (done)
				break;
		} else if (reply && header->nlmsg_type == reply) {
			got -= NLMSG_HDRLEN;
			memcpy(result, NLMSG_DATA(header),
			       (size_t)got < size ? (size_t)got : size);
			break;
		}
	}
	close(fd);
	return err;
}

int audit_status(struct audit_status *status)
{
	memset(status, 0, sizeof(*status));
	return request(AUDIT_GET, NULL, 0, AUDIT_GET, status, sizeof(*status));
}

int audit_send_user(unsigned int type, const char *text)
{
	return request(type, text, strlen(text) + 1, 0, NULL, 0);
}
