/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User notification: the target is a child, the supervisor is the test.
 */
#ifndef SECCOMP_TEST_NOTIFY_H
#define SECCOMP_TEST_NOTIFY_H

#include "common.h"
#include "pass_fd.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include "../kselftest_harness.h"

/* 0 or -errno */
#define RESULT(call)	((call) == -1 ? -errno : 0)

/*
 * Start a target whose test system calls are notified. It calls @body and exits
 * with the value that this returns. Returns the listener's descriptor.
 */
static inline int start_target(pid_t *target, unsigned int flags,
			       int (*body)(void))
{
	int socks[2];
	int fd;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, socks))
		return -1;
	fflush(NULL);
	*target = fork();
	if (!*target) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fd = attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF,
				SECCOMP_FILTER_FLAG_NEW_LISTENER | flags);
		if (fd < 0 || send_fd(socks[1], fd))
			_exit(CHILD_SETUP);
		close(fd);
		close(socks[0]);
		close(socks[1]);
		_exit(body());
	}
	close(socks[1]);
	fd = receive_fd(socks[0]);
	close(socks[0]);
	return fd;
}

/* For start_target(): make one call and exit with its result or error. */
static inline int target_syscall(void)
{
	long ret = test_syscall();

	return ret < 0 ? -ret : ret;
}

#define START_TARGET(flags, body) do {					\
	self->listener = start_target(&self->target, flags, body);	\
	ASSERT_LE(0, self->listener);					\
} while (0)

#define RECV(notif) do {						\
	memset(notif, 0, sizeof(*(notif)));				\
	ASSERT_EQ(0, RESULT(ioctl(self->listener,			\
				  SECCOMP_IOCTL_NOTIF_RECV, notif)));	\
} while (0)

#define EXPECT_EXIT(code) do {						\
	int _status;							\
									\
	ASSERT_EQ(self->target, waitpid(self->target, &_status, 0));	\
	EXPECT_TRUE(exited_with(_status, code)) {			\
		TH_LOG("status %#x", _status);				\
	}								\
	self->target = 0;						\
} while (0)

static inline int respond(int listener, uint64_t id, int64_t val, int32_t error,
			  uint32_t flags)
{
	struct seccomp_notif_resp resp = {
		.id = id, .val = val, .error = error, .flags = flags,
	};

	return RESULT(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp));
}

static inline int addfd(int listener, uint64_t id, int srcfd, uint32_t newfd,
			uint32_t flags, uint32_t newfd_flags)
{
	struct seccomp_notif_addfd a = {
		.id = id, .flags = flags, .srcfd = srcfd, .newfd = newfd,
		.newfd_flags = newfd_flags,
	};
	int ret = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a);

	return ret < 0 ? -errno : ret;
}

/* A fixture for START_TARGET(), RECV() and EXPECT_EXIT() */
#define FIXTURE_WITH_LISTENER(name)					\
FIXTURE(name) {								\
	int listener;							\
	pid_t target;							\
};									\
FIXTURE_SETUP(name)							\
{									\
	self->listener = -1;						\
}									\
FIXTURE_TEARDOWN(name)							\
{									\
	if (self->target > 0)						\
		kill(self->target, SIGKILL);				\
	close(self->listener);						\
}

#endif /* SECCOMP_TEST_NOTIFY_H */
