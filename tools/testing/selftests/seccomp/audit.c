// SPDX-License-Identifier: GPL-2.0
#include "common.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>

#include "audit.h"

/* Longer than anything here takes; only a failure gets there. */
#define PATIENCE_MS	20000

/* The kernel's own limit on a record, with room for its head */
#define MESSAGE_MAX	8970

struct message {
	struct nlmsghdr head;
	char body[MESSAGE_MAX];
};

static int send_message(struct audit *audit, int type, int flags,
			const void *body, size_t size)
{
	struct message msg = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(size),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | flags,
			.nlmsg_seq = ++audit->seq,
		},
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	memcpy(msg.body, body, size);
	if (sendto(audit->fd, &msg, msg.head.nlmsg_len, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

/* Length of the next message's body or -errno */
static int receive_message(struct audit *audit, struct message *msg)
{
	struct pollfd ready = { .fd = audit->fd, .events = POLLIN };
	ssize_t len;

	if (poll(&ready, 1, PATIENCE_MS) != 1)
		return -ETIMEDOUT;
	len = recv(audit->fd, msg, sizeof(*msg) - 1, 0);
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
static int request(struct audit *audit, int type, const void *body, size_t size)
{
	struct message msg;
	int err = send_message(audit, type, NLM_F_ACK, body, size);

	while (!err) {
		int len = receive_message(audit, &msg);

		if (len < 0)
			return len;
		if (msg.head.nlmsg_type == NLMSG_ERROR &&
		    msg.head.nlmsg_seq == audit->seq)
			return ((struct nlmsgerr *)msg.body)->error;
	}
	return err;
}

static int set_status(struct audit *audit, const struct audit_status *status)
{
	return request(audit, AUDIT_SET, status, sizeof(*status));
}

static int get_status(struct audit *audit, struct audit_status *status)
{
	struct message msg;
	int err = send_message(audit, AUDIT_GET, 0, "", 0);

	while (!err) {
		int len = receive_message(audit, &msg);

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

static int change_rule(struct audit *audit, int how, unsigned int list,
		       unsigned int action, int nr)
{
	struct audit_rule_data rule = { .flags = list, .action = action };

	if (nr >= 0)
		rule.mask[AUDIT_WORD(nr)] |= AUDIT_BIT(nr);
	else
		memset(rule.mask, 0xff, sizeof(rule.mask));
	return request(audit, how, &rule, sizeof(rule));
}

int audit_watch_syscall(struct audit *audit, int nr)
{
	return change_rule(audit, AUDIT_ADD_RULE, AUDIT_FILTER_EXIT,
			   AUDIT_ALWAYS, nr);
}

int audit_unwatch_syscall(struct audit *audit, int nr)
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

/* All rules on this kernel that a test can have left */
static void drop_rules(struct audit *audit)
{
	while (!audit_unexempt_tasks(audit))
		;
	while (!audit_unwatch_syscall(audit, __NR_swapoff))
		;
}

static int open_socket(struct audit *audit)
{
	int size = 8 << 20;

	audit->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (audit->fd < 0)
		return -errno;
	setsockopt(audit->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return 0;
}

/*
 * A child that outlives the test and puts back what the test changed, also
 * where the test fails half-way. It holds a lock meanwhile, so that the next
 * test begins on firm ground.
 */
static void keeper(struct audit *audit, int ready)
{
	struct audit_status status;
	char logged[256];
	sigset_t term;
	int lock;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);

	lock = open(ACTIONS_LOGGED, O_RDONLY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX) ||
	    open_socket(audit) || get_status(audit, &status) ||
	    read_file(ACTIONS_LOGGED, logged, sizeof(logged)) < 0 ||
	    write(ready, "", 1) != 1)
		_exit(1);
	close(ready);

	sigwaitinfo(&term, NULL);

	drop_rules(audit);
	status.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_BACKLOG_LIMIT |
		      AUDIT_STATUS_RATE_LIMIT;
	set_status(audit, &status);
	write_file(ACTIONS_LOGGED, logged);
	_exit(0);
}

static int start_keeper(struct audit *audit)
{
	int ready[2];
	char byte;
	int err = 0;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	audit->keeper = fork();
	if (audit->keeper < 0)
		return -errno;
	if (!audit->keeper)
		keeper(audit, ready[1]);

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

	err = start_keeper(audit);
	if (err)
		return err;
	err = open_socket(audit);
	if (err)
		return err;

	drop_rules(audit);
	err = set_status(audit, &ours);
	if (err)
		return err;
	err = write_file(ACTIONS_LOGGED, ACTIONS_DEFAULT);
	if (err)
		return err;
	/* what was there before */
	err = audit_collect(audit, 0, NULL, 0);
	return err < 0 ? err : 0;
}

void audit_close(struct audit *audit)
{
	struct audit_status gone = { .mask = AUDIT_STATUS_PID };

	set_status(audit, &gone);
	close(audit->fd);
	if (audit->keeper > 0) {
		kill(audit->keeper, SIGTERM);
		waitpid(audit->keeper, NULL, 0);
	}
}

int audit_collect(struct audit *audit, int type, struct audit_text *records,
		  int max)
{
	struct message msg;
	char marker[64];
	int found = 0;
	int err;

	snprintf(marker, sizeof(marker), "seccomp-test-marker-%d-%u", getpid(),
		 audit->seq);
	/* Of all user messages, this type passes where auditing is off. */
	err = send_message(audit, AUDIT_USER_AVC, 0, marker, strlen(marker) + 1);
	if (err)
		return err;

	for (;;) {
		const char *text;
		int len = receive_message(audit, &msg);

		if (len < 0)
			return len;
		if (msg.head.nlmsg_type == AUDIT_USER_AVC &&
		    strstr(msg.body, marker))
			return found;
		if (msg.head.nlmsg_type != type)
			continue;
		text = strstr(msg.body, "): ");
		if (found < max) {
			records[found].type = msg.head.nlmsg_type;
			text = text ? text + 3 : msg.body;
			if (strlen(text) >= sizeof(records[found].text))
				return -E2BIG;
			strcpy(records[found].text, text);
		}
		found++;
	}
}

/* The whole record, in order, with nothing behind it */
static int parse(const char *text, struct seccomp_record *r)
{
	char copy[1024];
	char *subj;
	int end = -1;

	snprintf(copy, sizeof(copy), "%s", text);
	subj = strstr(copy, " subj=");
	if (subj) {
		char *next = strstr(subj, " pid=");

		if (!next)
			return -EBADMSG;
		memmove(subj, next, strlen(next) + 1);
	}
	sscanf(copy,
	       "auid=%u uid=%u gid=%u ses=%u pid=%d comm=%63s exe=%255s sig=%d arch=%x syscall=%d compat=%d ip=0x%llx code=0x%x a0=%llx a1=%llx a2=%llx a3=%llx a4=%llx a5=%llx filter=%llx retdata=0x%x%n",
	       &r->auid, &r->uid, &r->gid, &r->ses, &r->pid, r->comm, r->exe,
	       &r->sig, &r->arch, &r->syscall, &r->compat, &r->ip, &r->code,
	       &r->args[0], &r->args[1], &r->args[2], &r->args[3], &r->args[4],
	       &r->args[5], &r->filter, &r->retdata, &end);
	return end == (int)strlen(copy) ? 0 : -EBADMSG;
}

int audit_collect_seccomp(struct audit *audit, pid_t pid,
			  struct seccomp_record *records, int max)
{
	static struct audit_text texts[256];
	int all = audit_collect(audit, AUDIT_SECCOMP, texts, ARRAY_SIZE(texts));
	int found = 0;

	if (all > (int)ARRAY_SIZE(texts))
		return -E2BIG;
	for (int i = 0; i < all; i++) {
		struct seccomp_record r;

		if (parse(texts[i].text, &r)) {
			printf("# not in the form of a record: %s\n",
			       texts[i].text);
			return -EBADMSG;
		}
		if (r.pid != pid)
			continue;
		if (found < max)
			records[found] = r;
		found++;
	}
	return all < 0 ? all : found;
}
