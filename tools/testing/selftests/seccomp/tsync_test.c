// SPDX-License-Identifier: GPL-2.0
/*
 * SECCOMP_FILTER_FLAG_TSYNC: all threads or none.
 */
#include "common.h"

#include <pthread.h>

#include "../kselftest_harness.h"

#define THREADS		3

enum order { CALL, ATTACH, STRICT, LEAVE };

/* A thread that does as it is told and says how it went */
struct worker {
	pthread_t thread;
	pid_t tid;
	int orders[2];
	int answers[2];
};

static void *work(void *arg)
{
	struct worker *w = arg;
	int order;

	w->tid = syscall(__NR_gettid);
	if (write(w->answers[1], &w->tid, sizeof(int)) != sizeof(int))
		return NULL;
	while (read(w->orders[0], &order, sizeof(order)) == sizeof(order)) {
		int answer = 0;

		if (order == CALL)
			answer = subject();
		else if (order == ATTACH)
			answer = attach_for(__NR_getuid, SECCOMP_RET_LOG, 0);
		else if (order == STRICT)
			answer = prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
		else
			break;
		if (write(w->answers[1], &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	/* exit(2), not exit_group(2): strict mode has no other */
	syscall(__NR_exit, 0);
	return NULL;
}

static int tell(struct worker *w, int order)
{
	int answer = -1000;

	if (write(w->orders[1], &order, sizeof(order)) != sizeof(order) ||
	    read(w->answers[0], &answer, sizeof(answer)) != sizeof(answer))
		return -1000;
	return answer;
}

FIXTURE(tsync) {
	struct worker workers[THREADS];
};

FIXTURE_SETUP(tsync)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &self->workers[i];
		int tid;

		ASSERT_EQ(0, pipe(w->orders));
		ASSERT_EQ(0, pipe(w->answers));
		ASSERT_EQ(0, pthread_create(&w->thread, NULL, work, w));
		ASSERT_EQ(sizeof(tid), read(w->answers[0], &tid, sizeof(tid)));
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
	return attach_for(SUBJECT, SECCOMP_RET_ERRNO | err,
			  SECCOMP_FILTER_FLAG_TSYNC | flags);
}

TEST_F(tsync, all_threads_get_the_filter)
{
	EXPECT_EQ(0, attach_tsync(7, 0));
	EXPECT_EQ(-7, subject());
	for (int i = 0; i < THREADS; i++) {
		pid_t tid = self->workers[i].tid;

		EXPECT_EQ(-7, tell(&self->workers[i], CALL));
		EXPECT_EQ(2, thread_field(tid, "Seccomp:"));
		EXPECT_EQ(1, thread_field(tid, "Seccomp_filters:"));
		EXPECT_EQ(1, thread_field(tid, "NoNewPrivs:"));
	}
}

TEST_F(tsync, without_the_flag_threads_are_left_alone)
{
	EXPECT_EQ(0, attach_for(SUBJECT, SECCOMP_RET_ERRNO | 7, 0));
	EXPECT_EQ(-7, subject());
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(0, thread_field(self->workers[i].tid, "Seccomp:"));
		EXPECT_LE(0, tell(&self->workers[i], CALL));
	}
}

TEST_F(tsync, promise_spreads_only_where_it_was_made)
{
	struct sock_filter insn = RETURN(SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { 1, &insn };

	/* by capability */
	ASSERT_EQ(0, seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			     &prog));
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(2, thread_field(self->workers[i].tid, "Seccomp:"));
		EXPECT_EQ(0, thread_field(self->workers[i].tid, "NoNewPrivs:"));
	}
}

TEST_F(tsync, chains_that_current_continues_follow)
{
	ASSERT_EQ(0, attach_tsync(7, 0));
	ASSERT_EQ(0, attach_for(__NR_getuid, SECCOMP_RET_LOG, 0));
	/* the threads have the first, current two */
	ASSERT_EQ(0, attach_tsync(8, 0));
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(-8, tell(&self->workers[i], CALL));
		EXPECT_EQ(3, thread_field(self->workers[i].tid, "Seccomp_filters:"));
	}
}

TEST_F(tsync, one_that_diverged_stops_all)
{
	struct worker *other = &self->workers[1];

	ASSERT_EQ(0, tell(other, ATTACH));
	EXPECT_EQ(other->tid, attach_tsync(7, 0));
	EXPECT_EQ(-ESRCH, attach_tsync(7, SECCOMP_FILTER_FLAG_TSYNC_ESRCH));

	/* nobody has it */
	EXPECT_EQ(0, thread_field(getpid(), "Seccomp:"));
	EXPECT_EQ(getppid(), subject());
	EXPECT_EQ(0, thread_field(self->workers[0].tid, "Seccomp:"));
	EXPECT_EQ(1, thread_field(other->tid, "Seccomp_filters:"));
	EXPECT_EQ(0, thread_field(self->workers[2].tid, "NoNewPrivs:"));
}

TEST_F(tsync, one_in_strict_mode_stops_all)
{
	struct worker *other = &self->workers[2];

	ASSERT_EQ(0, tell(other, STRICT));
	EXPECT_EQ(other->tid, attach_tsync(7, 0));
	EXPECT_EQ(0, thread_field(self->workers[0].tid, "Seccomp:"));
}

TEST_F(tsync, listener_needs_esrch_and_gets_a_descriptor)
{
	struct worker *other = &self->workers[0];
	const unsigned int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
				   SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	int fd;

	ASSERT_EQ(0, tell(other, ATTACH));
	EXPECT_EQ(-ESRCH, attach_tsync(7, flags));
	/* the descriptor that was meant for it is free again */
	fd = dup(0);
	ASSERT_LE(0, fd);
	close(fd);

	ASSERT_LT(0, write(other->orders[1], &(int){ LEAVE }, sizeof(int)));
	/* its id is cleared when it is gone; an exiting one does not count */
	pthread_join(other->thread, NULL);
	EXPECT_EQ(fd, attach_tsync(7, flags));
}

/* A leader that is a zombie makes no calls and does not prevent a sync. */
static void *after_the_leader(void *arg)
{
	char path[64], buf[512];
	int ret;

	/* until the leader is a zombie: stat says so */
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	do {
		if (read_file(path, buf, sizeof(buf)) < 0)
			syscall(__NR_exit_group, CHILD_WRONG);
		sched_yield();
	} while (!strstr(buf, ") Z "));

	ret = attach_for(SUBJECT, SECCOMP_RET_ERRNO | 9, SECCOMP_FILTER_FLAG_TSYNC);
	if (ret)
		syscall(__NR_exit_group, CHILD_SETUP);
	syscall(__NR_exit_group, subject() == -9 ? CHILD_OK : CHILD_WRONG);
	return NULL;
}

static int leave_as_leader(const void *arg)
{
	pthread_t thread;

	/* diverged, too: it would stop the attach if it were alive */
	if (pthread_create(&thread, NULL, after_the_leader, NULL) ||
	    attach_for(__NR_getuid, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	syscall(__NR_exit, 0);
	return CHILD_WRONG;
}

TEST(zombie_leader_does_not_block)
{
	EXPECT_TRUE(exited_with(run_child(leave_as_leader, NULL, NULL), CHILD_OK));
}

TEST_HARNESS_MAIN
