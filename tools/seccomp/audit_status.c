// SPDX-License-Identifier: GPL-2.0
/*
 * What audit says of itself.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "audit_status.h"
#include "record.h"

static int send_request(int fd, uint16_t type)
{
	struct nlmsghdr request = {
		.nlmsg_len = sizeof(request),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = type,
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent = sendto(fd, &request, sizeof(request), 0,
			      (struct sockaddr *)&kernel, sizeof(kernel));

	return sent < 0 ? -errno : 0;
}

static void take_status(struct audit_state *state, const void *data,
			size_t length)
{
	struct audit_status status = {};

	memcpy(&status, data, length < sizeof(status) ? length : sizeof(status));
	state->enabled = status.enabled;
	state->pid = status.pid;
	state->rate = status.rate_limit;
	state->backlog_limit = status.backlog_limit;
	state->lost = status.lost;
}

static void take_rule(struct audit_state *state, const void *data,
		      size_t length)
{
	struct audit_rule_data rule;

	if (length < sizeof(rule))
		return;
	memcpy(&rule, data, sizeof(rule));
	if ((rule.flags & 0xf) == AUDIT_FILTER_TASK &&
	    rule.action == AUDIT_NEVER)
		state->never_task = true;
	if ((rule.flags & 0xf) != AUDIT_FILTER_EXCLUDE)
		return;
	for (uint32_t i = 0; i < rule.field_count && i < AUDIT_MAX_FIELDS; i++)
		if (rule.fields[i] == AUDIT_MSGTYPE &&
		    rule.values[i] == RECORD_SECCOMP)
			state->excludes = true;
}

/*
 * Read answers to one request: the status is one message, rules end with
 * NLMSG_DONE.
 */
static int read_answers(int fd, struct audit_state *state, uint16_t type)
{
	/* a rule with its texts is at most a page and some more */
	static union {
		struct nlmsghdr header;
		char bytes[32768];
	} buffer;

	for (;;) {
		ssize_t got = recv(fd, &buffer, sizeof(buffer), 0);
		const struct nlmsghdr *message = &buffer.header;
		const void *data = NLMSG_DATA(message);
		int err;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if ((size_t)got < sizeof(*message))
			return -EPROTO;
		switch (message->nlmsg_type) {
		case NLMSG_ERROR:
			memcpy(&err, data, sizeof(err));
			if (err)
				return err;
			break;
		case NLMSG_DONE:
			return 0;
		case AUDIT_GET:
			take_status(state, data, got - NLMSG_HDRLEN);
			if (type == AUDIT_GET)
				return 0;
			break;
		case AUDIT_LIST_RULES:
			take_rule(state, data, got - NLMSG_HDRLEN);
			break;
		default:
			break;
		}
	}
}

int audit_query(struct audit_state *state)
{
	static const uint16_t requests[] = { AUDIT_GET, AUDIT_LIST_RULES };
	/* the kernel answers at once; nothing may hang here */
	struct timeval limit = { .tv_sec = 5 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int err = fd < 0 ? -errno : 0;

	*state = (struct audit_state){};
	if (fd < 0)
		return err;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	for (int i = 0; !err && i < 2; i++) {
		err = send_request(fd, requests[i]);
		if (!err)
			err = read_answers(fd, state, requests[i]);
	}
	close(fd);
	return err;
}
