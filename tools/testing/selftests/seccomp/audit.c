// SPDX-License-Identifier: GPL-2.0
#include "common.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>

#include "audit.h"

/* The kernel's limit on a record, and its header */
#define MESSAGE_MAX	8970

struct message {
	struct nlmsghdr head;
	char body[MESSAGE_MAX];
};

static int send_message(int fd, unsigned int seq, int type, int flags,
			const void *body, size_t size)
{
	struct message msg = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(size),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | flags,
			.nlmsg_seq = seq,
		},
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	memcpy(msg.body, body, size);
	if (sendto(fd, &msg, msg.head.nlmsg_len, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

/* Returns the length of the next message's body, or -errno. */
static int receive_message(int fd, struct message *msg, int timeout_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t len;

	do {
		if (poll(&ready, 1, timeout_ms) != 1)
			return -ETIMEDOUT;
		len = recv(fd, msg, sizeof(*msg) - 1, 0);
		/* the buffer was full; the kernel sends the message again */
	} while (len < 0 && errno == ENOBUFS);
	if (len < 0)
		return -errno;
	if (len < (ssize_t)sizeof(msg->head))
		return -EBADMSG;
	/* Records do not count their header in nlmsg_len, replies do. */
	len -= sizeof(msg->head);
	msg->body[len] = '\0';
	return len;
}

/* Send a request and wait for its acknowledgement. */
static int request_by(struct audit *audit, int fd, int type, const void *body,
		      size_t size)
{
	struct message msg;
	int err = send_message(fd, ++audit->seq, type, NLM_F_ACK, body, size);

	while (!err) {
		int len = receive_message(fd, &msg, AUDIT_TIMEOUT_MS);

		if (len < 0)
			return len;
		if (msg.head.nlmsg_type == NLMSG_ERROR &&
		    msg.head.nlmsg_seq == audit->seq)
			return ((struct nlmsgerr *)msg.body)->error;
	}
	return err;
}

static int request(struct audit *audit, int type, const void *body, size_t size)
{
	return request_by(audit, audit->control, type, body, size);
}

static int set_status(struct audit *audit, const struct audit_status *status)
{
	return request(audit, AUDIT_SET, status, sizeof(*status));
}

static int get_status(struct audit *audit, struct audit_status *status)
{
	struct message msg;
	int err = send_message(audit->control, ++audit->seq, AUDIT_GET, 0, "", 0);

	while (!err) {
		int len = receive_message(audit->control, &msg,
					  AUDIT_TIMEOUT_MS);

		if (len < 0)
			return len;
		if (msg.head.nlmsg_type == AUDIT_GET &&
		    msg.head.nlmsg_seq == audit->seq) {
			memcpy(status, msg.body, sizeof(*status));
			return 0;
		}
	}
	return err;
}

int audit_enable(struct audit *audit, bool on)
{
	struct audit_status status = {
		.mask = AUDIT_STATUS_ENABLED,
		.enabled = on,
	};

	return set_status(audit, &status);
}

int audit_set_limits(struct audit *audit, unsigned int backlog,
		     unsigned int wait, unsigned int rate)
{
	struct audit_status status = {
		.mask = AUDIT_STATUS_BACKLOG_LIMIT | AUDIT_STATUS_RATE_LIMIT |
			AUDIT_STATUS_BACKLOG_WAIT_TIME,
		.backlog_limit = backlog,
		.backlog_wait_time = wait,
		.rate_limit = rate,
	};

	return set_status(audit, &status);
}

long long audit_lost(struct audit *audit)
{
	struct audit_status status;
	int err = get_status(audit, &status);

	return err ? err : status.lost;
}

int audit_set_rcvbuf(struct audit *audit, int bytes)
{
	if (setsockopt(audit->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
		return -errno;
	return 0;
}

static int change_rule(struct audit *audit, int request_type,
		       unsigned int list, unsigned int action, int nr)
{
	struct audit_rule_data rule = { .flags = list, .action = action };

	if (nr >= 0)
		rule.mask[AUDIT_WORD(nr)] |= AUDIT_BIT(nr);
	else
		memset(rule.mask, 0xff, sizeof(rule.mask));
	return request(audit, request_type, &rule, sizeof(rule));
}

int audit_add_syscall_rule(struct audit *audit, int nr)
{
	return change_rule(audit, AUDIT_ADD_RULE, AUDIT_FILTER_EXIT,
			   AUDIT_ALWAYS, nr);
}

int audit_delete_syscall_rule(struct audit *audit, int nr)
{
	return change_rule(audit, AUDIT_DEL_RULE, AUDIT_FILTER_EXIT,
			   AUDIT_ALWAYS, nr);
}

int audit_exempt_tasks(struct audit *audit)
{
	return change_rule(audit, AUDIT_ADD_RULE, AUDIT_FILTER_TASK,
			   AUDIT_NEVER, -1);
}

int audit_unexempt_tasks(struct audit *audit)
{
	return change_rule(audit, AUDIT_DEL_RULE, AUDIT_FILTER_TASK,
			   AUDIT_NEVER, -1);
}

/* Exclude all records of @type, or only those of @uid. */
static int change_exclude_rule(struct audit *audit, int request_type, int type,
			       const unsigned int *uid)
{
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXCLUDE,
		.action = AUDIT_ALWAYS,
		.field_count = uid ? 2 : 1,
		.fields = { AUDIT_MSGTYPE, AUDIT_UID },
		.values = { type, uid ? *uid : 0 },
		.fieldflags = { AUDIT_EQUAL, AUDIT_EQUAL },
	};

	memset(rule.mask, 0xff, sizeof(rule.mask));
	return request(audit, request_type, &rule, sizeof(rule));
}

int audit_exclude_user(struct audit *audit, unsigned int uid)
{
	return change_exclude_rule(audit, AUDIT_ADD_RULE, AUDIT_SECCOMP, &uid);
}

int audit_include_user(struct audit *audit, unsigned int uid)
{
	return change_exclude_rule(audit, AUDIT_DEL_RULE, AUDIT_SECCOMP, &uid);
}

int audit_exclude_type(struct audit *audit, int type)
{
	return change_exclude_rule(audit, AUDIT_ADD_RULE, type, NULL);
}

int audit_unexclude_type(struct audit *audit, int type)
{
	return change_exclude_rule(audit, AUDIT_DEL_RULE, type, NULL);
}

/* Delete all rules that an earlier test may have left. */
static void delete_rules(struct audit *audit)
{
	while (!audit_unexempt_tasks(audit))
		;
	while (!audit_delete_syscall_rule(audit, __NR_swapoff))
		;
	while (!audit_include_user(audit, AUDIT_EXCLUDED_USER) ||
	       !audit_unexclude_type(audit, AUDIT_SECCOMP))
		;
}

/* Returns a socket or -errno. */
static int open_socket(void)
{
	int size = 8 << 20;
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

/*
 * The sysctls that a test may change, and their values at its start. The
 * seccomp of Linux does not have them all; sysctl_test checks that each exists.
 */
static const struct {
	const char *path;
	const char *value;
} sysctls[] = {
	{ ACTIONS_LOGGED, ACTIONS_DEFAULT },
	{ LOGGED_AUDITED, ACTIONS_DEFAULT },
	{ LOGGED_ONCE, "\n" },
	{ DMESG_RESTRICT, "1\n" },
	{ SHARE_PROGRAMS, "1\n" },
	{ PRINTK_RATELIMIT, "5\n" },
};

/*
 * A child that outlives the test and restores what the test changed, also if
 * the test fails. It holds a lock until then, for which the next test waits.
 */
static void restorer(struct audit *audit, int ready)
{
	char values[ARRAY_SIZE(sysctls)][256];
	struct audit_status status;
	sigset_t term;
	int lock;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);

	lock = open(ACTIONS_LOGGED, O_RDONLY | O_CLOEXEC);
	audit->control = open_socket();
	if (lock < 0 || flock(lock, LOCK_EX) || audit->control < 0 ||
	    get_status(audit, &status))
		_exit(1);
	for (int i = 0; i < ARRAY_SIZE(sysctls); i++) {
		int len = read_file(sysctls[i].path, values[i],
				    sizeof(values[i]));

		if (len == -ENOENT)
			values[i][0] = '\0';
		else if (len < 0)
			_exit(1);
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	close(ready);

	sigwaitinfo(&term, NULL);

	delete_rules(audit);
	status.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_BACKLOG_LIMIT |
		      AUDIT_STATUS_RATE_LIMIT | AUDIT_STATUS_BACKLOG_WAIT_TIME |
		      AUDIT_STATUS_FAILURE;
	set_status(audit, &status);
	for (int i = 0; i < ARRAY_SIZE(sysctls); i++)
		write_file(sysctls[i].path, values[i]);
	_exit(0);
}

static int start_restorer(struct audit *audit)
{
	int ready[2];
	char byte;
	int err = 0;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	audit->restorer = fork();
	if (audit->restorer < 0)
		return -errno;
	if (!audit->restorer)
		restorer(audit, ready[1]);

	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		err = -ECHILD;
	close(ready[0]);
	return err;
}

int audit_open(struct audit *audit)
{
	struct audit_status ours = {
		.mask = AUDIT_STATUS_PID | AUDIT_STATUS_ENABLED |
			AUDIT_STATUS_BACKLOG_LIMIT | AUDIT_STATUS_RATE_LIMIT,
		.enabled = 1,
		.pid = getpid(),
		.backlog_limit = 8192,
	};
	int err;

	memset(audit, 0, sizeof(*audit));
	err = start_restorer(audit);
	if (err)
		return err;
	audit->fd = open_socket();
	audit->control = open_socket();
	if (audit->fd < 0 || audit->control < 0)
		return audit->fd < 0 ? audit->fd : audit->control;

	delete_rules(audit);
	/* records go to the socket by which the daemon registers */
	err = request_by(audit, audit->fd, AUDIT_SET, &ours, sizeof(ours));
	for (int i = 0; i < ARRAY_SIZE(sysctls) && !err; i++) {
		err = write_file(sysctls[i].path, sysctls[i].value);
		if (err == -ENOENT)
			err = 0;
	}
	if (err)
		return err;
	/* discard what was queued before */
	err = audit_collect(audit, 0, NULL, 0);
	return err < 0 ? err : 0;
}

int audit_unregister(struct audit *audit)
{
	struct audit_status gone = { .mask = AUDIT_STATUS_PID };

	return set_status(audit, &gone);
}

int audit_register(struct audit *audit)
{
	struct audit_status ours = { .mask = AUDIT_STATUS_PID, .pid = getpid() };

	return request_by(audit, audit->fd, AUDIT_SET, &ours, sizeof(ours));
}

bool audit_is_registered(struct audit *audit)
{
	struct audit_status status;

	return !get_status(audit, &status) && status.pid == getpid();
}

int audit_restart_daemon(struct audit *audit)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int placeholder = open_socket();

	close(audit->fd);
	/* else the new socket would get the old one's address and records */
	if (placeholder < 0 ||
	    bind(placeholder, (struct sockaddr *)&any, sizeof(any)))
		return -errno;
	audit->fd = open_socket();
	return audit->fd < 0 ? audit->fd : audit_register(audit);
}

int audit_join_multicast(struct audit *audit)
{
	struct sockaddr_nl all = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1),
	};

	close(audit->fd);
	audit->fd = open_socket();
	if (audit->fd < 0)
		return audit->fd;
	return bind(audit->fd, (struct sockaddr *)&all, sizeof(all)) ? -errno : 0;
}

void audit_close(struct audit *audit)
{
	audit_unregister(audit);
	close(audit->fd);
	close(audit->control);
	free(audit->log);
	if (audit->restorer > 0) {
		kill(audit->restorer, SIGTERM);
		waitpid(audit->restorer, NULL, 0);
	}
}

int audit_next_record(struct audit *audit, struct audit_text *record,
		      int timeout_ms)
{
	struct message msg;
	const char *text;
	int len = receive_message(audit->fd, &msg, timeout_ms);

	if (len < 0)
		return len;
	record->type = msg.head.nlmsg_type;
	record->bytes = strlen(msg.body);
	if (sscanf(msg.body, "audit(%*u.%*u:%u): ", &record->serial) != 1)
		record->serial = 0;
	text = strstr(msg.body, "): ");
	text = text ? text + 3 : msg.body;
	if (strlen(text) >= sizeof(record->text))
		return -E2BIG;
	strcpy(record->text, text);
	return 0;
}

int audit_send_marker(struct audit *audit, char *marker, size_t size)
{
	snprintf(marker, size, "seccomp-test-marker-%d-%u", getpid(),
		 audit->seq);
	/* of all user messages, only this type passes if auditing is off */
	return send_message(audit->fd, ++audit->seq, AUDIT_USER_AVC, 0, marker,
			    strlen(marker) + 1);
}

bool audit_is_marker(const struct audit_text *record, const char *marker)
{
	return record->type == AUDIT_USER_AVC && strstr(record->text, marker);
}

int audit_collect(struct audit *audit, int type, struct audit_text *records,
		  int max)
{
	char marker[64];
	int found = 0;
	int err;

	err = audit_send_marker(audit, marker, sizeof(marker));
	while (!err) {
		struct audit_text record;

		err = audit_next_record(audit, &record, AUDIT_TIMEOUT_MS);
		if (err)
			break;
		if (audit_is_marker(&record, marker))
			return found;
		if (record.type != type)
			continue;
		if (found < max)
			records[found] = record;
		found++;
	}
	return err;
}
