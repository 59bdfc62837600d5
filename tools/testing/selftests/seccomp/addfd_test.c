// SPDX-License-Identifier: GPL-2.0
/*
 * User notification: the supervisor adds files to the target's descriptors.
 */
#include "common.h"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <linux/fuse.h>

#include "notify.h"

FIXTURE_WITH_LISTENER(addfd)

/* The result of the system call is a descriptor of a pipe's write end. */
static int write_to_result(void)
{
	long fd = test_syscall();
	char byte = fcntl(fd, F_GETFD) & FD_CLOEXEC ? 'c' : 'o';

	return write(fd, &byte, 1) == 1 ? fd : CHILD_WRONG;
}

TEST_F(addfd, lowest_free_descriptor)
{
	struct seccomp_notif n;
	int pipes[2];
	char byte;
	int fd;

	ASSERT_EQ(0, pipe(pipes));
	START_TARGET(0, write_to_result);
	RECV(&n);
	fd = addfd(self->listener, n.id, pipes[1], 0, 0, O_CLOEXEC);
	ASSERT_LT(2, fd);
	EXPECT_EQ(0, respond(self->listener, n.id, fd, 0, 0));
	EXPECT_EXIT(fd);
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	EXPECT_EQ('c', byte);
}

TEST_F(addfd, given_descriptor)
{
	struct seccomp_notif n;
	int pipes[2];
	char byte;

	ASSERT_EQ(0, pipe(pipes));
	START_TARGET(0, write_to_result);
	RECV(&n);
	EXPECT_EQ(77, addfd(self->listener, n.id, pipes[1], 77,
			    SECCOMP_ADDFD_FLAG_SETFD, 0));
	/* the second time replaces it */
	EXPECT_EQ(77, addfd(self->listener, n.id, pipes[1], 77,
			    SECCOMP_ADDFD_FLAG_SETFD, 0));
	EXPECT_EQ(0, respond(self->listener, n.id, 77, 0, 0));
	EXPECT_EXIT(77);
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	EXPECT_EQ('o', byte);
}

TEST_F(addfd, flag_send_responds)
{
	struct seccomp_notif n;
	int pipes[2];
	int fd;

	ASSERT_EQ(0, pipe(pipes));
	START_TARGET(0, write_to_result);
	RECV(&n);
	fd = addfd(self->listener, n.id, pipes[1], 0, SECCOMP_ADDFD_FLAG_SEND, 0);
	ASSERT_LT(2, fd);
	EXPECT_EXIT(fd);
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, fd, 0, 0));
}

TEST_F(addfd, bad_input)
{
	struct seccomp_notif n;
	struct {
		struct seccomp_notif_addfd addfd;
		uint64_t more;
	} big = {};

	START_TARGET(0, target_syscall);
	RECV(&n);
	EXPECT_EQ(-EBADF, addfd(self->listener, n.id, -1, 0, 0, 0));
	EXPECT_EQ(-EBADF, addfd(self->listener, n.id, 1000, 0, 0, 0));
	EXPECT_EQ(-EINVAL, addfd(self->listener, n.id, 0, 0, 4, 0));
	EXPECT_EQ(-EINVAL, addfd(self->listener, n.id, 0, 0, 0, O_NONBLOCK));
	EXPECT_EQ(-EINVAL, addfd(self->listener, n.id, 0, 5, 0, 0));
	EXPECT_EQ(-ENOENT, addfd(self->listener, n.id + 1, 0, 0, 0, 0));
	EXPECT_EQ(-EBADF, addfd(self->listener, n.id, 0, 1 << 30,
				SECCOMP_ADDFD_FLAG_SETFD, 0));
	EXPECT_EQ(-EBADF, addfd(self->listener, n.id, 0, -1,
				SECCOMP_ADDFD_FLAG_SETFD, 0));

	/* too short; too long; longer, and zero behind the known members */
	big.addfd.id = n.id;
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, _IOC(_IOC_WRITE, '!', 3, 16), &big)));
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, _IOC(_IOC_WRITE, '!', 3, 8192), &big)));
	EXPECT_EQ(-EFAULT, RESULT(ioctl(self->listener, _IOC(_IOC_WRITE, '!', 3, 24), NULL)));
	EXPECT_LT(2, ioctl(self->listener, _IOC(_IOC_WRITE, '!', 3, sizeof(big)), &big));
	big.more = 1;
	EXPECT_EQ(-E2BIG, RESULT(ioctl(self->listener,
				       _IOC(_IOC_WRITE, '!', 3, sizeof(big)), &big)));

	EXPECT_EQ(0, respond(self->listener, n.id, 3, 0, 0));
	EXPECT_EXIT(3);
	EXPECT_EQ(-ENOENT, addfd(self->listener, n.id, 0, 0, 0, 0));
}

static int target_without_free_fd(void)
{
	struct rlimit limit = { 3, 3 };

	setrlimit(RLIMIT_NOFILE, &limit);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	return target_syscall();
}

/* The target's limits count. After the error a response is still possible. */
TEST_F(addfd, over_the_targets_limit)
{
	struct seccomp_notif n;

	START_TARGET(0, target_without_free_fd);
	RECV(&n);
	EXPECT_EQ(-EMFILE, addfd(self->listener, n.id, 0, 0, 0, 0));
	EXPECT_EQ(-EMFILE, addfd(self->listener, n.id, 0, 0, SECCOMP_ADDFD_FLAG_SEND, 0));
	EXPECT_EQ(-EBADF, addfd(self->listener, n.id, 0, 50,
				SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND, 0));
	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, respond(self->listener, n.id, 17, 0, 0));
	EXPECT_EXIT(17);
}

/* A file whose close blocks, since its FUSE server does not reply to FLUSH */
#define SLOW_FILE	"/tmp/seccomp-test-slow"
#define FUSE_DEVICE	"/tmp/seccomp-test-fuse"

static int open_fuse(void)
{
	int fd;

	unlink(FUSE_DEVICE);
	if (mknod(FUSE_DEVICE, S_IFCHR | 0600, makedev(10, 229)))
		return -1;
	fd = open(FUSE_DEVICE, O_RDWR | O_CLOEXEC);
	unlink(FUSE_DEVICE);
	return fd;
}

static bool fuse_reply(int fd, uint64_t unique, int error, const void *body,
		       size_t size)
{
	struct fuse_out_header head = {
		.len = sizeof(head) + size, .error = error, .unique = unique,
	};
	char reply[sizeof(head) + 256];

	memcpy(reply, &head, sizeof(head));
	if (body)
		memcpy(reply + sizeof(head), body, size);
	return write(fd, reply, head.len) == head.len;
}

/* Serve the file. Writes to @events when it exists, and when it is closed. */
static int serve_slow_file(int events)
{
	static const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};
	static const struct fuse_attr_out attributes = {
		.attr = { .ino = FUSE_ROOT_ID, .mode = S_IFREG | 0600, .nlink = 1 },
	};
	static const struct fuse_open_out opened = { .fh = 1 };
	static char request[FUSE_MIN_READ_BUFFER + 4096];
	const struct fuse_in_header *head = (void *)request;
	char options[128];
	int fd = open_fuse();

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=100000,user_id=0,group_id=0", fd);
	close(open(SLOW_FILE, O_CREAT | O_RDONLY | O_CLOEXEC, 0600));
	if (fd < 0 || mount("slow", SLOW_FILE, "fuse", 0, options) ||
	    write(events, "m", 1) != 1)
		return CHILD_SETUP;
	while (read(fd, request, sizeof(request)) > 0) {
		bool good = true;

		switch (head->opcode) {
		case FUSE_INIT:
			good = fuse_reply(fd, head->unique, 0, &init,
					  sizeof(init));
			break;
		case FUSE_GETATTR:
			good = fuse_reply(fd, head->unique, 0, &attributes,
					  sizeof(attributes));
			break;
		case FUSE_OPEN:
			good = fuse_reply(fd, head->unique, 0, &opened,
					  sizeof(opened));
			break;
		case FUSE_FLUSH:
			good = write(events, "c", 1) == 1;
			break;
		default:
			good = fuse_reply(fd, head->unique, -ENOSYS, NULL, 0);
		}
		if (!good)
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

/* Two targets. One has opened the slow file; its argument is the descriptor. */
static int two_targets(void)
{
	int status, fd;
	pid_t pid = fork();
	char byte = 'x';

	if (pid) {
		if (raw_syscall(TEST_NR, -1, 0, 0, 0, 0, 0) != 7)
			return CHILD_WRONG;
		if (waitpid(pid, &status, 0) != pid || status)
			return CHILD_WRONG;
		return CHILD_OK;
	}
	fd = open(SLOW_FILE, O_RDONLY);
	if (fd < 0 || raw_syscall(TEST_NR, fd, 0, 0, 0, 0, 0) != 8)
		return CHILD_WRONG;
	return write(fd, &byte, 1) == 1 ? CHILD_OK : CHILD_WRONG;
}

/* A target that waits blocks neither supervisors nor other targets. */
TEST_F(addfd, replaces_a_file_whose_close_blocks)
{
	struct seccomp_notif with_file, other;
	pid_t server, supervisor;
	int events[2], pipes[2];
	int status;
	char byte;

	ASSERT_EQ(0, pipe2(events, O_CLOEXEC));
	ASSERT_EQ(0, pipe(pipes));
	server = fork();
	if (!server)
		_exit(serve_slow_file(events[1]));
	close(events[1]);
	ASSERT_EQ(1, read(events[0], &byte, 1));

	START_TARGET(0, two_targets);
	RECV(&with_file);
	RECV(&other);
	if ((int)with_file.data.args[0] == -1) {
		struct seccomp_notif n = other;

		other = with_file;
		with_file = n;
	}
	supervisor = fork();
	if (!supervisor) {
		addfd(self->listener, with_file.id, pipes[1],
		      with_file.data.args[0], SECCOMP_ADDFD_FLAG_SETFD, 0);
		_exit(CHILD_WRONG);
	}
	ASSERT_EQ(1, read(events[0], &byte, 1));
	ASSERT_EQ('c', byte);

	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID,
				  &with_file.id)));
	EXPECT_EQ(0, respond(self->listener, other.id, 7, 0, 0));
	kill(supervisor, SIGKILL);
	ASSERT_EQ(supervisor, waitpid(supervisor, &status, 0));
	EXPECT_TRUE(killed_by(status, SIGKILL));

	/* the response is carried out after the file is added */
	EXPECT_EQ(0, respond(self->listener, with_file.id, 8, 0, 0));
	kill(server, SIGKILL);
	ASSERT_EQ(server, waitpid(server, NULL, 0));
	EXPECT_EXIT(CHILD_OK);
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	EXPECT_EQ('x', byte);

	umount2(SLOW_FILE, MNT_DETACH);
	unlink(SLOW_FILE);
}

TEST_HARNESS_MAIN
