// SPDX-License-Identifier: GPL-2.0
/*
 * Threads against each other: attach, thread sync, fork, exec, exit, signals
 * and notification at once, for a number of rounds. What is tested is that
 * nothing is lost: every answer is one of those that the filters allow, and
 * the kernel has nothing to complain of.
 */
#include "common.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#include "../kselftest_harness.h"

#define ROUNDS	20
#define HANDS	4

/* Each thread does its part until told to stop, or the process is gone. */
static atomic_bool stop;
static pthread_barrier_t gate;

static void *attach_often(void *arg)
{
	pthread_barrier_wait(&gate);
	for (int i = 0; i < 10; i++)
		attach_for(SUBJECT, SECCOMP_RET_ERRNO | 1, 0);
	return NULL;
}

static void *sync_often(void *arg)
{
	pthread_barrier_wait(&gate);
	for (int i = 0; i < 10; i++)
		attach_for(SUBJECT, SECCOMP_RET_ERRNO | 1,
			   SECCOMP_FILTER_FLAG_TSYNC);
	return NULL;
}

static void *nothing(void *arg)
{
	return NULL;
}

static void *spawn_often(void *arg)
{
	pthread_barrier_wait(&gate);
	for (int i = 0; i < 20; i++) {
		pthread_t thread;

		if (!pthread_create(&thread, NULL, nothing, NULL))
			pthread_join(thread, NULL);
	}
	return NULL;
}

static void *fork_often(void *arg)
{
	pthread_barrier_wait(&gate);
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return NULL;
}

/* Either before the filter or after it, nothing else */
static void *call_often(void *arg)
{
	pid_t parent = (pid_t)(long)arg;

	pthread_barrier_wait(&gate);
	while (!atomic_load(&stop)) {
		long ret = subject();

		if (ret != -1 && ret != parent)
			_exit(CHILD_WRONG);
	}
	return NULL;
}

static void *exec_away(void *arg)
{
	char * const argv[] = { "true", "--nothing", NULL };

	pthread_barrier_wait(&gate);
	execv("/proc/self/exe", argv);
	return NULL;
}

static void *exit_away(void *arg)
{
	pthread_barrier_wait(&gate);
	syscall(__NR_exit_group, CHILD_OK);
	return NULL;
}

static int run_hands(void *(*const hands[])(void *), int count, int finite)
{
	pthread_t threads[8];
	void *parent = (void *)(long)getppid();

	atomic_store(&stop, false);
	pthread_barrier_init(&gate, NULL, count);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, hands[i], parent))
			return CHILD_SETUP;
	/* the first ones come to an end by themselves */
	for (int i = 0; i < finite; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&stop, true);
	for (int i = finite; i < count; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

static int attach_sync_fork(const void *arg)
{
	static void *(*const hands[])(void *) = {
		attach_often, sync_often, sync_often, spawn_often, fork_often,
		call_often,
	};

	return run_hands(hands, ARRAY_SIZE(hands), ARRAY_SIZE(hands) - 1);
}

TEST(attach_sync_clone_fork)
{
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(exited_with(run_child(attach_sync_fork, NULL, NULL),
					CHILD_OK));
}

static int sync_against_exec(const void *arg)
{
	static void *(*const hands[])(void *) = {
		sync_often, sync_often, spawn_often, exec_away,
	};

	run_hands(hands, ARRAY_SIZE(hands), ARRAY_SIZE(hands));
	/* exec took all threads with it, this one too */
	return CHILD_WRONG;
}

TEST(sync_exec)
{
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(exited_with(run_child(sync_against_exec, NULL, NULL),
					CHILD_OK));
}

static int sync_against_exit(const void *arg)
{
	static void *(*const hands[])(void *) = {
		sync_often, sync_often, spawn_often, attach_often, exit_away,
	};

	run_hands(hands, ARRAY_SIZE(hands), ARRAY_SIZE(hands));
	return CHILD_WRONG;
}

TEST(sync_exit)
{
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(exited_with(run_child(sync_against_exit, NULL, NULL),
					CHILD_OK));
}

/*
 * Callers with signals flying, against a supervisor that answers, adds
 * descriptors and goes away in the middle.
 */
static void on_signal(int sig)
{
}

static void *call_notified(void *arg)
{
	for (int i = 0; i < 50; i++) {
		long ret = subject();

		/* answered, added, closed, interrupted */
		if (ret != 5 && ret != -ENOSYS && ret != -EINTR && ret < 3)
			_exit(CHILD_WRONG);
		if (ret > 5)
			close(ret);
	}
	return NULL;
}

static void *signal_callers(void *arg)
{
	pthread_t *callers = arg;

	/* an end, or a call that is restarted for ever is never answered */
	for (int n = 0; n < 100; n++) {
		for (int i = 0; i < HANDS; i++)
			pthread_kill(callers[i], SIGUSR1);
		sched_yield();
	}
	return NULL;
}

/* Answers what it is asked; every seventh call is answered by a descriptor. */
static void *supervise(void *arg)
{
	int listener = (int)(long)arg;

	for (int n = 0;; n++) {
		struct seccomp_notif notif = {};
		struct seccomp_notif_resp resp = {};
		struct seccomp_notif_addfd addfd = {};

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif)) {
			if (errno == ENOENT || errno == EINTR)
				continue;
			return NULL;
		}
		if (n >= 120) {
			close(listener);
			return NULL;
		}
		if (n % 7 == 0) {
			addfd.id = notif.id;
			/* not the listener, which a copy would keep open */
			addfd.srcfd = STDIN_FILENO;
			addfd.flags = SECCOMP_ADDFD_FLAG_SEND;
			ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addfd);
			continue;
		}
		resp.id = notif.id;
		resp.val = 5;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
	}
}

/*
 * The supervisor is not filtered: it starts before the filter is attached by
 * another thread without TSYNC. The callers inherit the filter from that one.
 */
static int listener_fd = -1;
static pthread_barrier_t attached;

static void *supervisor(void *arg)
{
	pthread_barrier_wait(&attached);
	return supervise((void *)(long)listener_fd);
}

static int notify_and_signal(const void *arg)
{
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t callers[HANDS], signaller, answering;

	/* half of the rounds with calls that are restarted */
	action.sa_flags = *(const int *)arg % 2 ? SA_RESTART : 0;
	sigaction(SIGUSR1, &action, NULL);
	pthread_barrier_init(&attached, NULL, 2);

	if (pthread_create(&answering, NULL, supervisor, NULL))
		return CHILD_SETUP;
	listener_fd = attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF,
				 SECCOMP_FILTER_FLAG_NEW_LISTENER |
				 (*(const int *)arg % 4 / 2 ?
				  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0));
	if (listener_fd < 0)
		return CHILD_SETUP;
	pthread_barrier_wait(&attached);

	for (int i = 0; i < HANDS; i++)
		if (pthread_create(&callers[i], NULL, call_notified, NULL))
			return CHILD_SETUP;
	if (pthread_create(&signaller, NULL, signal_callers, callers))
		return CHILD_SETUP;
	pthread_join(signaller, NULL);
	for (int i = 0; i < HANDS; i++)
		pthread_join(callers[i], NULL);
	/* signals may have cut most calls short: more, until it has had enough */
	while (subject() != -ENOSYS)
		;
	pthread_join(answering, NULL);
	return CHILD_OK;
}

TEST(notify_signal_close)
{
	for (int round = 0; round < ROUNDS; round++) {
		int status = run_child(notify_and_signal, &round, NULL);

		ASSERT_TRUE(exited_with(status, CHILD_OK)) {
			TH_LOG("round %d status %#x", round, status);
		}
	}
}

/* Callers are killed while a supervisor answers them. */
static int many_callers(const void *arg)
{
	for (;;)
		subject();
	return CHILD_OK;
}

TEST(notify_kill)
{
	int listener = -1;
	pid_t callers[HANDS];

	for (int round = 0; round < ROUNDS; round++) {
		int status;
		pid_t pid;

		/* the filter would be in the test's way: a child has it */
		pid = fork();
		ASSERT_LE(0, pid);
		if (pid) {
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			ASSERT_TRUE(exited_with(status, CHILD_OK)) {
				TH_LOG("round %d status %#x", round, status);
			}
			continue;
		}

		listener = attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER);
		if (listener < 0)
			_exit(CHILD_SETUP);
		for (int i = 0; i < HANDS; i++) {
			callers[i] = fork();
			if (!callers[i]) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				_exit(many_callers(NULL));
			}
		}
		for (int n = 0; n < 40; n++) {
			struct seccomp_notif notif = {};
			struct seccomp_notif_resp resp = {};

			if (n % 10 == 5)
				kill(callers[n / 10], SIGKILL);
			if (n >= 35)
				break;
			if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif))
				continue;
			resp.id = notif.id;
			if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp) &&
			    errno != ENOENT)
				_exit(CHILD_WRONG);
		}
		for (int i = 0; i < HANDS; i++) {
			kill(callers[i], SIGKILL);
			if (waitpid(callers[i], &status, 0) != callers[i] ||
			    !killed_by(status, SIGKILL))
				_exit(CHILD_WRONG);
		}
		_exit(CHILD_OK);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--nothing"))
		return CHILD_OK;
	return test_harness_run(argc, argv);
}
