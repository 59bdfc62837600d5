// SPDX-License-Identifier: GPL-2.0
/*
 * Supervisors and targets, some of which are killed.
 */
#include "load.h"
#include "../selftests/seccomp/pass_fd.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define TARGETS_MAX	4
#define SUPERVISORS_MAX	2

/* What a supervisor does with a notification */
enum answer {
	RESPOND, CONTINUE, ADDFD, ADDFD_AT, ADDFD_SEND, CHECK_ID, BROKEN,
	KILL_TARGET, EXIT, KILL_SELF, CLOSE, ANSWERS,
};

static void respond(int listener, uint64_t id, uint32_t flags)
{
	struct seccomp_notif_resp resp = {
		.id = id, .flags = flags,
		.error = flags || chance(50) ? 0 : -ENOTTY,
	};

	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

static void add_fd(int listener, uint64_t id, uint32_t flags)
{
	struct seccomp_notif_addfd addfd = {
		.id = id, .flags = flags,
		.srcfd = chance(95) ? STDERR_FILENO : -1,
		.newfd_flags = chance(50) ? O_CLOEXEC : 0,
	};

	if (flags & SECCOMP_ADDFD_FLAG_SETFD)
		addfd.newfd = 50 + rnd(3);
	ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addfd);
}

/*
 * Returns false if the supervisor does not go on. It may end without an answer only
 * if it is the last one: otherwise its target would wait for ever.
 */
static bool answer(int *listener, const struct seccomp_notif *notif, bool last_one)
{
	static const enum answer answers[] = {
		RESPOND, RESPOND, RESPOND, RESPOND, CONTINUE, CONTINUE, ADDFD,
		ADDFD_AT, ADDFD_SEND, CHECK_ID, BROKEN, KILL_TARGET,
	};
	static const enum answer last[] = { EXIT, KILL_SELF, CLOSE };
	enum answer what = chance(96) || !last_one ? one_of(answers) : one_of(last);
	uint64_t id = notif->id;

	switch (what) {
	case CONTINUE:
		respond(*listener, id, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
		return true;
	case ADDFD_SEND:
		add_fd(*listener, id, SECCOMP_ADDFD_FLAG_SEND);
		break;
	case ADDFD_AT:
		add_fd(*listener, id, SECCOMP_ADDFD_FLAG_SETFD);
		break;
	case ADDFD:
		add_fd(*listener, id, 0);
		break;
	case CHECK_ID:
		ioctl(*listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
		break;
	case BROKEN:
		ioctl(*listener, SECCOMP_IOCTL_NOTIF_SEND, NULL);
		respond(*listener, id + 1, 0);
		break;
	case KILL_TARGET:
		/* may be the process, or have ended */
		if (notif->pid)
			kill(notif->pid, chance(50) ? SIGKILL : SIGUSR1);
		break;
	case EXIT:
		_exit(0);
	case KILL_SELF:
		kill(getpid(), SIGKILL);
		break;
	case CLOSE:
		close(*listener);
		return false;
	default:
		break;
	}
	/* an error if it has been answered */
	respond(*listener, id, 0);
	return true;
}

static void supervise(int listener, bool last_one)
{
	struct pollfd event = { .fd = listener, .events = POLLIN };

	while (poll(&event, 1, -1) == 1 && !(event.revents & POLLHUP)) {
		struct seccomp_notif notif = {};

		if (!(event.revents & POLLIN))
			continue;
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif))
			continue;
		if (!answer(&listener, &notif, last_one))
			return;
	}
}

static void on_signal(int sig)
{
}

static void run_target(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	/* without SA_RESTART, or with it: both ends of an interrupted wait */
	if (chance(50))
		action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	for (int n = 1 + rnd(10); n--;) {
		raw_syscall(NOTIFY_NR, 0, 0, 0, 0, 0, 0);
		call_randomly(rnd(3));
	}
	_exit(0);
}

/* The first target attaches; the others are its children. */
static void run_targets(int sock, int nr, const uint64_t *seeds)
{
	static const unsigned int flags[] = {
		0, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_LOG,
	};
	int fd;

	fd = attach_for(NOTIFY_NR, SECCOMP_RET_USER_NOTIF,
			SECCOMP_FILTER_FLAG_NEW_LISTENER | one_of(flags));
	if (fd >= 0)
		send_fd(sock, fd);
	close(fd);
	close(sock);
	for (int i = 1; i < nr; i++) {
		if (fork())
			continue;
		rnd_start(seeds[i], 0, 0);
		run_target();
	}
	rnd_start(seeds[0], 0, 0);
	run_target();
}

void op_notify(void)
{
	uint64_t seeds[TARGETS_MAX + SUPERVISORS_MAX];
	int targets = 1 + rnd(TARGETS_MAX), supervisors = 1 + rnd(SUPERVISORS_MAX);
	bool kills = chance(15) && supervisors == 1;
	int socks[2], listener;
	pid_t pids[SUPERVISORS_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(seeds); i++)
		seeds[i] = rnd64();
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, socks))
		return;
	if (!fork()) {
		close(socks[0]);
		run_targets(socks[1], targets, seeds);
	}
	close(socks[1]);
	listener = receive_fd(socks[0]);
	close(socks[0]);
	if (listener < 0)
		return;
	for (int i = 0; i < supervisors; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			rnd_start(seeds[TARGETS_MAX + i], 0, 0);
			supervise(listener, supervisors == 1);
			_exit(0);
		}
	}
	close(listener);
	if (kills && pids[0] > 0)
		kill(pids[0], SIGKILL);
}
