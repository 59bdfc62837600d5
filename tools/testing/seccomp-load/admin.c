// SPDX-License-Identifier: GPL-2.0
/*
 * Administrators: they change the sysctls, audit's rules and limits, and start,
 * stop and kill its daemon. They pause, or nothing else would happen.
 */
#include "load.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "../selftests/seccomp/audit.h"

/* audit's defaults: records, jiffies, records per second */
#define BACKLOG		8192
#define WAIT		6000
/* How long auditd may take to end */
#define STOP_MS		5000

static int open_control(struct audit *audit)
{
	memset(audit, 0, sizeof(*audit));
	audit->control = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	/* audit_send_marker() uses this one */
	audit->fd = audit->control;
	return audit->control < 0 ? -errno : 0;
}

static const char * const sets[] = {
	ACTIONS_LOGGED, LOGGED_AUDITED, LOGGED_ONCE,
};

void admin_sysctls(void)
{
	static const char * const names[] = {
		"kill_process", "kill_thread", "trap", "errno", "user_notif",
		"trace", "log", "nothing",
	};

	rnd_start(config.seed, 1000, 0);
	do {
		const char *path = one_of(sets);
		bool wide = chance(60);
		char text[256] = "";

		for (size_t i = 0; i < ARRAY_SIZE(names) - 1; i++)
			if (wide ? chance(95) : chance(30))
				snprintf(text + strlen(text),
					 sizeof(text) - strlen(text), "%s ", names[i]);
		if (chance(3))
			strcat(text, names[7]);
		strcat(text, "\n");
		if (chance(15))
			write_file(SHARE_PROGRAMS, chance(50) ? "0\n" : "1\n");
		else
			write_file(path, text);
		read_file(one_of(sets), text, sizeof(text));
		count_one(&shared->changes);
	} while (!pause_ms(rnd(100)));
}

static void change_rule(struct audit *audit, unsigned int which, bool add)
{
	/* calls that the workers make, too */
	static const int calls[] = { __NR_getuid, __NR_execve };

	if (add)
		count_one(&shared->rules);
	switch (which) {
	case 0:
		if (add)
			audit_exempt_tasks(audit);
		else
			audit_unexempt_tasks(audit);
		break;
	case 1:
		if (add)
			audit_exclude_type(audit, AUDIT_SECCOMP);
		else if (!audit_unexclude_type(audit, AUDIT_SECCOMP))
			count_one(&shared->inclusions);
		break;
	case 2:
		if (add)
			audit_exclude_user(audit, 0);
		else if (!audit_include_user(audit, 0))
			count_one(&shared->inclusions);
		break;
	default:
		if (add)
			audit_add_syscall_rule(audit, calls[which - 3]);
		else
			audit_delete_syscall_rule(audit, calls[which - 3]);
	}
}

#define RULES	5

void admin_rules(void)
{
	bool present[RULES] = {};
	struct audit audit;

	if (open_control(&audit))
		_exit(1);
	rnd_start(config.seed, 1001, 0);
	do {
		/* those that keep records away are soon gone */
		unsigned int which = rnd(RULES);
		unsigned int backlog = chance(60) ? BACKLOG : 16 << rnd(6);
		unsigned int rate = chance(80) ? 0 : 10 << rnd(8);
		unsigned int wait = rnd(4);

		if (chance(30)) {
			audit_set_limits(&audit, backlog, wait, rate);
			count_one(&shared->limits);
		} else if (chance(5)) {
			audit_enable(&audit, false);
			pause_ms(rnd(100));
			audit_enable(&audit, true);
		} else {
			if (which < 3 && !present[which] && chance(50))
				which = 3 + rnd(2);
			present[which] = !present[which];
			change_rule(&audit, which, present[which]);
		}
	} while (!pause_ms(rnd(100)));
	for (unsigned int i = 0; i < RULES; i++)
		if (present[i])
			change_rule(&audit, i, false);
}

static pid_t start_daemon(void)
{
	const struct rlimit none = { 0, 0 };
	pid_t pid = fork();
	int null;

	if (pid)
		return pid;
	setrlimit(RLIMIT_CORE, &none);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execlp("auditd", "auditd", "-n", NULL);
	_exit(127);
}

/* While it starts, auditd ignores SIGTERM. */
static int stop_daemon(pid_t pid)
{
	struct pollfd ended = {
		.fd = syscall(__NR_pidfd_open, pid, 0),
		.events = POLLIN,
	};

	kill(pid, SIGTERM);
	if (poll(&ended, 1, STOP_MS) < 1)
		kill(pid, SIGKILL);
	close(ended.fd);
	return wait_child(pid);
}

void admin_daemon(void)
{
	rnd_start(config.seed, 1002, 0);
	do {
		pid_t pid = start_daemon();
		int status;

		count_one(&shared->daemons);
		/* it may be killed while it starts */
		for (int n = rnd(4); n--;) {
			if (pause_ms(rnd(2000)))
				break;
			/* as if its disk were slow */
			kill(pid, SIGSTOP);
			count_one(&shared->stalls);
			pause_ms(rnd(1000));
			kill(pid, SIGCONT);
		}
		pause_ms(rnd(3000));
		if (chance(60)) {
			count_one(&shared->daemons_killed);
			kill(pid, SIGKILL);
			status = wait_child(pid);
		} else {
			status = stop_daemon(pid);
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			_exit(1);
	} while (!pause_ms(rnd(1000)));
}

int admin_init(void)
{
	if (config.native)
		return 0;
	/* arguments are in the records also without a daemon */
	return write_file(DMESG_RESTRICT, "1\n");
}

int admin_restore(void)
{
	struct audit audit;
	int err;

	if (config.native)
		return 0;
	err = open_control(&audit);
	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_SIZE(sets) && !err; i++)
		err = write_file(sets[i], i == 2 ? "\n" : ACTIONS_DEFAULT "\n");
	if (!err)
		err = write_file(SHARE_PROGRAMS, "1\n");
	if (!err)
		err = audit_enable(&audit, true);
	if (!err)
		err = audit_set_limits(&audit, BACKLOG, WAIT, 0);
	close(audit.control);
	return err;
}

long long admin_lost(void)
{
	struct audit audit;
	long long lost;

	if (open_control(&audit))
		return -errno;
	lost = audit_lost(&audit);
	close(audit.control);
	return lost;
}

int admin_mark(const char *marker)
{
	struct {
		struct nlmsghdr head;
		char text[64];
	} msg = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(strlen(marker) + 1),
			.nlmsg_type = AUDIT_USER_AVC,
			.nlmsg_flags = NLM_F_REQUEST,
		},
	};
	struct audit audit;
	int err = open_control(&audit);

	if (err)
		return err;
	strcpy(msg.text, marker);
	if (send(audit.control, &msg, msg.head.nlmsg_len, 0) < 0)
		err = -errno;
	close(audit.control);
	return err;
}
