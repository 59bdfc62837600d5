/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A child whose calls are answered by the test.
 */
#ifndef SECCOMP_TEST_NOTIFY_H
#define SECCOMP_TEST_NOTIFY_H

#include "common.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include "../kselftest_harness.h"

#define CALL(fn)	((fn) == -1 ? -errno : 0)

static inline int send_fd(int sock, int fd)
{
	char byte = 'f', control[CMSG_SPACE(sizeof(int))] = {};
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(sock, &msg, 0) == 1 ? 0 : -1;
}

static inline int receive_sent_fd(int sock)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/*
 * A child whose subject calls are answered through the descriptor that this
 * returns. It runs @body and exits with what that returns.
 */
static inline int start(pid_t *child, unsigned int flags, int (*body)(void))
{
	int socks[2];
	int fd;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, socks))
		return -1;
	fflush(NULL);
	*child = fork();
	if (!*child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fd = attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF,
				SECCOMP_FILTER_FLAG_NEW_LISTENER | flags);
		if (fd < 0 || send_fd(socks[1], fd))
			_exit(CHILD_SETUP);
		close(fd);
		close(socks[0]);
		close(socks[1]);
		_exit(body());
	}
	close(socks[1]);
	fd = receive_sent_fd(socks[0]);
	close(socks[0]);
	return fd;
}

static inline int call_once(void)
{
	long ret = subject();

	return ret < 0 ? -ret : ret;
}

#define START(flags, body) do {						\
	self->listener = start(&self->child, flags, body);		\
	ASSERT_LE(0, self->listener);					\
} while (0)

#define RECV(notif) do {						\
	memset(notif, 0, sizeof(*(notif)));				\
	ASSERT_EQ(0, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, notif)));\
} while (0)

#define EXPECT_EXIT(code) do {						\
	int _status;							\
									\
	ASSERT_EQ(self->child, waitpid(self->child, &_status, 0));	\
	EXPECT_TRUE(exited_with(_status, code)) {			\
		TH_LOG("status %#x", _status);				\
	}								\
	self->child = 0;						\
} while (0)

static inline int answer(int listener, uint64_t id, int64_t val, int32_t error,
			 uint32_t flags)
{
	struct seccomp_notif_resp resp = {
		.id = id, .val = val, .error = error, .flags = flags,
	};

	return CALL(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp));
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

/* A fixture for START() and what follows it */
#define FIXTURE_WITH_LISTENER(name)					\
FIXTURE(name) {								\
	int listener;							\
	pid_t child;							\
};									\
FIXTURE_SETUP(name)							\
{									\
	self->listener = -1;						\
}									\
FIXTURE_TEARDOWN(name)							\
{									\
	if (self->child > 0)						\
		kill(self->child, SIGKILL);				\
	close(self->listener);						\
}

#endif /* SECCOMP_TEST_NOTIFY_H */
