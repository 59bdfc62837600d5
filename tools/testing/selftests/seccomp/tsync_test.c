// SPDX-License-Identifier: GPL-2.0
/*
 * SECCOMP_FILTER_FLAG_TSYNC: all threads get the filter, or none.
 */
#include "common.h"

#include <pthread.h>

#include "../kselftest_harness.h"

#define THREADS		3

enum command { CALL, ATTACH, STRICT, EXIT };

/* A thread that executes requests and returns their results */
struct worker {
	pthread_t thread;
	pid_t tid;
	int requests[2];
	int results[2];
};

static void *work(void *arg)
{
	struct worker *w = arg;
	int command;

	w->tid = syscall(__NR_gettid);
	if (write(w->results[1], &w->tid, sizeof(int)) != sizeof(int))
		return NULL;
	while (read(w->requests[0], &command, sizeof(command)) ==
	       sizeof(command)) {
		int result = 0;

		if (command == CALL)
			result = test_syscall();
		else if (command == ATTACH)
			result = attach_for(__NR_getuid, SECCOMP_RET_LOG, 0);
		else if (command == STRICT)
			result = prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0,
				       0, 0);
		else
			break;
		if (write(w->results[1], &result, sizeof(result)) !=
		    sizeof(result))
			break;
	}
	/* exit(2), which strict mode allows, not exit_group(2) */
	syscall(__NR_exit, 0);
	return NULL;
}

static int request(struct worker *w, int command)
{
	int result = -1000;

	if (write(w->requests[1], &command, sizeof(command)) !=
	    sizeof(command) ||
	    read(w->results[0], &result, sizeof(result)) != sizeof(result))
		return -1000;
	return result;
}

FIXTURE(tsync) {
	struct worker workers[THREADS];
};

FIXTURE_SETUP(tsync)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &self->workers[i];
		int tid;

		ASSERT_EQ(0, pipe(w->requests));
		ASSERT_EQ(0, pipe(w->results));
		ASSERT_EQ(0, pthread_create(&w->thread, NULL, work, w));
		ASSERT_EQ(sizeof(tid), read(w->results[0], &tid, sizeof(tid)));
	}
}

FIXTURE_TEARDOWN(tsync)
{
}

static int thread_field(pid_t tid, const char *name)
{
	char path[64], buf[8192];
	char *at;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return -1;
	at = strstr(buf, name);
	return at ? atoi(at + strlen(name)) : -1;
}

static int attach_tsync(int err, unsigned int flags)
{
	return attach_for(TEST_NR, SECCOMP_RET_ERRNO | err,
			  SECCOMP_FILTER_FLAG_TSYNC | flags);
}

TEST_F(tsync, all_threads_get_the_filter)
{
	EXPECT_EQ(0, attach_tsync(7, 0));
	EXPECT_EQ(-7, test_syscall());
	for (int i = 0; i < THREADS; i++) {
		pid_t tid = self->workers[i].tid;

		EXPECT_EQ(-7, request(&self->workers[i], CALL));
		EXPECT_EQ(2, thread_field(tid, "Seccomp:"));
		EXPECT_EQ(1, thread_field(tid, "Seccomp_filters:"));
		EXPECT_EQ(1, thread_field(tid, "NoNewPrivs:"));
	}
}

TEST_F(tsync, without_the_flag_threads_do_not_change)
{
	EXPECT_EQ(0, attach_for(TEST_NR, SECCOMP_RET_ERRNO | 7, 0));
	EXPECT_EQ(-7, test_syscall());
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(0, thread_field(self->workers[i].tid, "Seccomp:"));
		EXPECT_LE(0, request(&self->workers[i], CALL));
	}
}

TEST_F(tsync, no_new_privs_is_copied_only_if_set)
{
	struct sock_filter insn = RETURN(SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { 1, &insn };

	/* allowed by CAP_SYS_ADMIN */
	ASSERT_EQ(0, seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			     &prog));
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(2, thread_field(self->workers[i].tid, "Seccomp:"));
		EXPECT_EQ(0, thread_field(self->workers[i].tid, "NoNewPrivs:"));
	}
}

TEST_F(tsync, threads_with_an_older_chain_follow)
{
	ASSERT_EQ(0, attach_tsync(7, 0));
	ASSERT_EQ(0, attach_for(__NR_getuid, SECCOMP_RET_LOG, 0));
	/* the threads have the first filter, the caller both */
	ASSERT_EQ(0, attach_tsync(8, 0));
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(-8, request(&self->workers[i], CALL));
		EXPECT_EQ(3, thread_field(self->workers[i].tid, "Seccomp_filters:"));
	}
}

TEST_F(tsync, one_diverged_thread_is_an_error)
{
	struct worker *other = &self->workers[1];

	ASSERT_EQ(0, request(other, ATTACH));
	EXPECT_EQ(other->tid, attach_tsync(7, 0));
	EXPECT_EQ(-ESRCH, attach_tsync(7, SECCOMP_FILTER_FLAG_TSYNC_ESRCH));

	/* no thread has the filter */
	EXPECT_EQ(0, thread_field(getpid(), "Seccomp:"));
	EXPECT_EQ(getppid(), test_syscall());
	EXPECT_EQ(0, thread_field(self->workers[0].tid, "Seccomp:"));
	EXPECT_EQ(1, thread_field(other->tid, "Seccomp_filters:"));
	EXPECT_EQ(0, thread_field(self->workers[2].tid, "NoNewPrivs:"));
}

TEST_F(tsync, one_thread_in_strict_mode_is_an_error)
{
	struct worker *other = &self->workers[2];

	ASSERT_EQ(0, request(other, STRICT));
	EXPECT_EQ(other->tid, attach_tsync(7, 0));
	EXPECT_EQ(0, thread_field(self->workers[0].tid, "Seccomp:"));
}

TEST_F(tsync, listener_needs_esrch_and_gets_a_descriptor)
{
	struct worker *other = &self->workers[0];
	const unsigned int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
				   SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	int fd;

	ASSERT_EQ(0, request(other, ATTACH));
	EXPECT_EQ(-ESRCH, attach_tsync(7, flags));
	/* the descriptor that was reserved for it is free again */
	fd = dup(0);
	ASSERT_LE(0, fd);
	close(fd);

	ASSERT_LT(0, write(other->requests[1], &(int){ EXIT }, sizeof(int)));
	/* wait until the thread exits: after that it does not count */
	pthread_join(other->thread, NULL);
	EXPECT_EQ(fd, attach_tsync(7, flags));
}

/* A leader that is a zombie makes no system calls, so it is not checked. */
static void *sync_after_leader(void *arg)
{
	char path[64], buf[512];
	int ret;

	/* wait until the leader is a zombie */
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	do {
		if (read_file(path, buf, sizeof(buf)) < 0)
			syscall(__NR_exit_group, CHILD_WRONG);
		sched_yield();
	} while (!strstr(buf, ") Z "));

	ret = attach_for(TEST_NR, SECCOMP_RET_ERRNO | 9,
			 SECCOMP_FILTER_FLAG_TSYNC);
	if (ret)
		syscall(__NR_exit_group, CHILD_SETUP);
	syscall(__NR_exit_group, test_syscall() == -9 ? CHILD_OK : CHILD_WRONG);
	return NULL;
}

static int exit_as_leader(const void *arg)
{
	pthread_t thread;

	/* its chain has diverged: an error if the leader were alive */
	if (pthread_create(&thread, NULL, sync_after_leader, NULL) ||
	    attach_for(__NR_getuid, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	syscall(__NR_exit, 0);
	return CHILD_WRONG;
}

TEST(zombie_leader_does_not_block)
{
	EXPECT_TRUE(exited_with(run_child(exit_as_leader, NULL, NULL),
				CHILD_OK));
}

TEST_HARNESS_MAIN
