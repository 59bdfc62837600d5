// SPDX-License-Identifier: GPL-2.0
/*
 * Races of attach, thread sync, fork, exec, exit, signals and notification, for
 * a number of rounds. Each result must be one that the filters allow, no
 * process may hang, and the kernel may not warn.
 */
#include "common.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#include "../kselftest_harness.h"

#define ROUNDS	20
#define TARGETS	4

/* Threads that run without an end check this. */
static atomic_bool stop;
static pthread_barrier_t start_barrier;

static void *attach_often(void *arg)
{
	pthread_barrier_wait(&start_barrier);
	for (int i = 0; i < 10; i++)
		attach_for(TEST_NR, SECCOMP_RET_ERRNO | 1, 0);
	return NULL;
}

static void *sync_often(void *arg)
{
	pthread_barrier_wait(&start_barrier);
	for (int i = 0; i < 10; i++)
		attach_for(TEST_NR, SECCOMP_RET_ERRNO | 1,
			   SECCOMP_FILTER_FLAG_TSYNC);
	return NULL;
}

static void *exit_at_once(void *arg)
{
	return NULL;
}

static void *spawn_often(void *arg)
{
	pthread_barrier_wait(&start_barrier);
	for (int i = 0; i < 20; i++) {
		pthread_t thread;

		if (!pthread_create(&thread, NULL, exit_at_once, NULL))
			pthread_join(thread, NULL);
	}
	return NULL;
}

static void *fork_often(void *arg)
{
	pthread_barrier_wait(&start_barrier);
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return NULL;
}

/* The result without the filter, or the one with it */
static void *call_often(void *arg)
{
	pid_t parent = (pid_t)(long)arg;

	pthread_barrier_wait(&start_barrier);
	while (!atomic_load(&stop)) {
		long ret = test_syscall();

		if (ret != -1 && ret != parent)
			_exit(CHILD_WRONG);
	}
	return NULL;
}

static void *exec_self(void *arg)
{
	char * const argv[] = { "true", "--exit-at-once", NULL };

	pthread_barrier_wait(&start_barrier);
	execv("/proc/self/exe", argv);
	return NULL;
}

static void *exit_group_now(void *arg)
{
	pthread_barrier_wait(&start_barrier);
	syscall(__NR_exit_group, CHILD_OK);
	return NULL;
}

static int run_workers(void *(*const workers[])(void *), int count, int finite)
{
	pthread_t threads[8];
	void *parent = (void *)(long)getppid();

	atomic_store(&stop, false);
	pthread_barrier_init(&start_barrier, NULL, count);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, workers[i], parent))
			return CHILD_SETUP;
	/* the first ones end by themselves */
	for (int i = 0; i < finite; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&stop, true);
	for (int i = finite; i < count; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

static int attach_sync_fork(const void *arg)
{
	static void *(*const workers[])(void *) = {
		attach_often, sync_often, sync_often, spawn_often, fork_often,
		call_often,
	};

	return run_workers(workers, ARRAY_SIZE(workers),
			   ARRAY_SIZE(workers) - 1);
}

TEST(attach_sync_clone_fork)
{
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(exited_with(run_child(attach_sync_fork, NULL, NULL),
					CHILD_OK));
}

static int sync_against_exec(const void *arg)
{
	static void *(*const workers[])(void *) = {
		sync_often, sync_often, spawn_often, exec_self,
	};

	run_workers(workers, ARRAY_SIZE(workers), ARRAY_SIZE(workers));
	/* exec ends all threads, also this one */
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
	static void *(*const workers[])(void *) = {
		sync_often, sync_often, spawn_often, attach_often,
		exit_group_now,
	};

	run_workers(workers, ARRAY_SIZE(workers), ARRAY_SIZE(workers));
	return CHILD_WRONG;
}

TEST(sync_exit)
{
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(exited_with(run_child(sync_against_exit, NULL, NULL),
					CHILD_OK));
}

/*
 * Targets that get signals, and a supervisor that responds, adds descriptors,
 * and closes the listener. Each response that succeeds is the result of a call,
 * even if a signal comes at the same time.
 */
static atomic_int responses, results;

static void on_signal(int sig)
{
}

static long call_and_count(void)
{
	long ret = test_syscall();

	if (ret >= 0)
		atomic_fetch_add(&results, 1);
	return ret;
}

static void *call_notified(void *arg)
{
	for (int i = 0; i < 50; i++) {
		long ret = call_and_count();

		/* response, descriptor, closed listener, signal */
		if (ret != 5 && ret != -ENOSYS && ret != -EINTR && ret < 3)
			_exit(CHILD_WRONG);
		if (ret > 5)
			close(ret);
	}
	return NULL;
}

static void *signal_targets(void *arg)
{
	pthread_t *targets = arg;

	/* not for ever, else a restarted call may never get a response */
	for (int n = 0; n < 100; n++) {
		for (int i = 0; i < TARGETS; i++)
			pthread_kill(targets[i], SIGUSR1);
		sched_yield();
	}
	return NULL;
}

/* Responds to each notification; to every seventh by a descriptor. */
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
			if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addfd) >= 0)
				atomic_fetch_add(&responses, 1);
			continue;
		}
		resp.id = notif.id;
		resp.val = 5;
		if (!ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp))
			atomic_fetch_add(&responses, 1);
	}
}

/*
 * The supervisor has no filter: it is created before another thread attaches it
 * without TSYNC. The targets inherit the filter from that thread.
 */
static int listener_fd = -1;
static pthread_barrier_t attached;

static void *supervisor(void *arg)
{
	pthread_barrier_wait(&attached);
	return supervise((void *)(long)listener_fd);
}

/* Keeps the listener's lock busy, so that targets have to wait for it. */
static void *ask_often(void *arg)
{
	__u64 id = -1;

	pthread_barrier_wait(&attached);
	while (!atomic_load(&stop))
		ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
	return NULL;
}

static int notify_and_signal(const void *arg)
{
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t targets[TARGETS], signaller, responder, asker;

	/* in every second round calls are restarted */
	action.sa_flags = *(const int *)arg % 2 ? SA_RESTART : 0;
	sigaction(SIGUSR1, &action, NULL);
	pthread_barrier_init(&attached, NULL, 3);

	if (pthread_create(&responder, NULL, supervisor, NULL) ||
	    pthread_create(&asker, NULL, ask_often, NULL))
		return CHILD_SETUP;
	listener_fd = attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF,
				 SECCOMP_FILTER_FLAG_NEW_LISTENER |
				 (*(const int *)arg % 4 / 2 ?
				  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0));
	if (listener_fd < 0)
		return CHILD_SETUP;
	pthread_barrier_wait(&attached);

	for (int i = 0; i < TARGETS; i++)
		if (pthread_create(&targets[i], NULL, call_notified, NULL))
			return CHILD_SETUP;
	if (pthread_create(&signaller, NULL, signal_targets, targets))
		return CHILD_SETUP;
	pthread_join(signaller, NULL);
	for (int i = 0; i < TARGETS; i++)
		pthread_join(targets[i], NULL);
	/* signals may have interrupted most calls: wait for the close */
	while (call_and_count() != -ENOSYS)
		;
	pthread_join(responder, NULL);
	atomic_store(&stop, true);
	pthread_join(asker, NULL);
	return atomic_load(&responses) == atomic_load(&results) ? CHILD_OK :
								   CHILD_WRONG;
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

/* Targets are killed while a supervisor responds. */
static int many_targets(const void *arg)
{
	for (;;)
		test_syscall();
	return CHILD_OK;
}

TEST(notify_kill)
{
	int listener = -1;
	pid_t targets[TARGETS];

	for (int round = 0; round < ROUNDS; round++) {
		int status;
		pid_t pid;

		/* in a child, so that the test has no filter */
		pid = fork();
		ASSERT_LE(0, pid);
		if (pid) {
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			ASSERT_TRUE(exited_with(status, CHILD_OK)) {
				TH_LOG("round %d status %#x", round, status);
			}
			continue;
		}

		listener = attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER);
		if (listener < 0)
			_exit(CHILD_SETUP);
		for (int i = 0; i < TARGETS; i++) {
			targets[i] = fork();
			if (!targets[i]) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				_exit(many_targets(NULL));
			}
		}
		for (int n = 0; n < 40; n++) {
			struct seccomp_notif notif = {};
			struct seccomp_notif_resp resp = {};

			if (n % 10 == 5)
				kill(targets[n / 10], SIGKILL);
			if (n >= 35)
				break;
			if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif))
				continue;
			resp.id = notif.id;
			if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp) &&
			    errno != ENOENT)
				_exit(CHILD_WRONG);
		}
		for (int i = 0; i < TARGETS; i++) {
			kill(targets[i], SIGKILL);
			if (waitpid(targets[i], &status, 0) != targets[i] ||
			    !killed_by(status, SIGKILL))
				_exit(CHILD_WRONG);
		}
		_exit(CHILD_OK);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--exit-at-once"))
		return CHILD_OK;
	return test_harness_run(argc, argv);
}
