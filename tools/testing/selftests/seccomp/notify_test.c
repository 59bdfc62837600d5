// SPDX-License-Identifier: GPL-2.0
/*
 * User notification: a child's calls are answered by the test.
 */
#include "common.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

#include "audit.h"
#include "notify.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS		SECCOMP_IOW(4, __u64)
#endif
#define ID_VALID_OLD				SECCOMP_IOR(2, __u64)

FIXTURE_WITH_LISTENER(notify)

TEST_F(notify, value)
{
	struct seccomp_notif n;

	START(0, call_once);
	RECV(&n);
	EXPECT_EQ(self->child, n.pid);
	EXPECT_EQ(0, n.flags);
	EXPECT_EQ(SUBJECT, n.data.nr);
	EXPECT_EQ(TEST_ARCH, n.data.arch);
	if (SUBJECT_IP)
		EXPECT_EQ(SUBJECT_IP, n.data.instruction_pointer);
	EXPECT_EQ(0, answer(self->listener, n.id, 42, 0, 0));
	EXPECT_EXIT(42);
}

TEST_F(notify, error)
{
	struct seccomp_notif n;

	START(0, call_once);
	RECV(&n);
	EXPECT_EQ(0, answer(self->listener, n.id, 0, -E2BIG, 0));
	EXPECT_EXIT(E2BIG);
}

TEST_F(notify, continues)
{
	struct seccomp_notif n;

	START(0, call_once);
	RECV(&n);
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0,
			    SECCOMP_USER_NOTIF_FLAG_CONTINUE));
	EXPECT_EXIT(getpid() & 0xff);
}

#ifdef __x86_64__
static int call_with_arguments(void)
{
	raw_call(SUBJECT, 1, -2, 3, 1L << 40, 5, -6);
	return 0;
}

TEST_F(notify, arguments)
{
	struct seccomp_notif n;

	START(0, call_with_arguments);
	RECV(&n);
	EXPECT_EQ(1, n.data.args[0]);
	EXPECT_EQ(-2UL, n.data.args[1]);
	EXPECT_EQ(3, n.data.args[2]);
	EXPECT_EQ(1UL << 40, n.data.args[3]);
	EXPECT_EQ(5, n.data.args[4]);
	EXPECT_EQ(-6UL, n.data.args[5]);
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
}
#endif

TEST_F(notify, bad_answers)
{
	struct seccomp_notif n;
	const uint32_t cont = SECCOMP_USER_NOTIF_FLAG_CONTINUE;

	START(0, call_once);
	RECV(&n);
	EXPECT_EQ(-EINVAL, answer(self->listener, n.id, 0, 0, 2));
	EXPECT_EQ(-EINVAL, answer(self->listener, n.id, 0, 0, -1));
	EXPECT_EQ(-EINVAL, answer(self->listener, n.id, 1, 0, cont));
	EXPECT_EQ(-EINVAL, answer(self->listener, n.id, 0, -1, cont));
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id + 1, 0, 0, 0));
	EXPECT_EQ(-EFAULT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SEND, NULL)));
	EXPECT_EQ(0, answer(self->listener, n.id, 1, 0, 0));
	EXPECT_EXIT(1);
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id, 1, 0, 0));
}

/*
 * Between an answer and the caller's taking it nothing more can be said. The
 * caller cannot run in between: it shares a processor with a test that has
 * precedence.
 */
TEST_F(notify, answered_is_answered)
{
	struct sched_param param = { .sched_priority = 1 };
	struct seccomp_notif n;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(one), &one));
	START(0, call_once);
	RECV(&n);
	ASSERT_EQ(0, sched_setscheduler(0, SCHED_FIFO, &param));
	EXPECT_EQ(0, answer(self->listener, n.id, 22, 0, 0));
	EXPECT_EQ(-EINPROGRESS, answer(self->listener, n.id, 33, 0, 0));
	EXPECT_EQ(-EINPROGRESS, addfd(self->listener, n.id, 0, 0, 0, 0));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EXIT(22);
}

TEST_F(notify, bad_requests)
{
	struct seccomp_notif n = { .pid = 1 };

	START(0, call_once);
	EXPECT_EQ(-EINVAL, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	EXPECT_EQ(-EFAULT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, NULL)));
	EXPECT_EQ(-EINVAL, CALL(ioctl(self->listener, SECCOMP_IO(9), NULL)));
	EXPECT_EQ(-EINVAL, CALL(ioctl(self->listener, 0, NULL)));
}

/* What could not be delivered is delivered to the next who asks. */
TEST_F(notify, undelivered_is_posted_again)
{
	struct seccomp_notif *page, n;

	START(0, call_once);
	/* readable, so that it is found to be zero, but not writable */
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	EXPECT_EQ(-EFAULT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, page)));
	RECV(&n);
	EXPECT_EQ(0, answer(self->listener, n.id, 5, 0, 0));
	EXPECT_EXIT(5);
}

TEST_F(notify, id_valid_by_both_numbers)
{
	struct seccomp_notif n;
	uint64_t other;

	START(0, call_once);
	RECV(&n);
	other = n.id + 1;
	EXPECT_EQ(0, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, CALL(ioctl(self->listener, ID_VALID_OLD, &n.id)));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &other)));
	EXPECT_EQ(-EFAULT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, NULL)));
	ASSERT_EQ(0, kill(self->child, SIGKILL));
	ASSERT_EQ(self->child, waitpid(self->child, NULL, 0));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id, 1, 0, 0));
	self->child = 0;
}

static short events(int fd, int timeout)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&p, 1, timeout) >= 0 ? p.revents : -1;
}

TEST_F(notify, poll_follows_the_call)
{
	struct seccomp_notif n;

	START(0, call_once);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	RECV(&n);
	EXPECT_EQ(POLLOUT, events(self->listener, -1));
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
	EXPECT_EQ(POLLHUP, events(self->listener, -1));
}

static int do_nothing(void)
{
	return 0;
}

/* A zombie makes no calls, so its listener hears that it is alone. */
TEST_F(notify, last_user_gone_is_enoent_and_hup_before_the_reap)
{
	struct seccomp_notif n = {};
	siginfo_t info;

	START(0, do_nothing);
	EXPECT_EQ(POLLHUP, events(self->listener, -1));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	/* still there to be reaped */
	EXPECT_EQ(0, waitid(P_PID, self->child, &info, WEXITED | WNOWAIT));
	EXPECT_EXIT(0);
}

static int fork_and_leave(void)
{
	pid_t pid = fork();

	if (!pid) {
		/* outlives its parent and calls once */
		prctl(PR_SET_PDEATHSIG, 0);
		subject();
		_exit(0);
	}
	return 0;
}

TEST_F(notify, children_are_users_too)
{
	struct seccomp_notif n;

	START(0, fork_and_leave);
	EXPECT_EXIT(0);
	RECV(&n);
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0, 0));
	EXPECT_EQ(POLLHUP, events(self->listener, -1));
}

/* Signals */

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	signals++;
}

static void handle_usr1(int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(SIGUSR1, &action, NULL);
}

/* A signal ends a RECV, also if its handler restarts system calls. */
static void interrupted_receiver(int listener)
{
	struct seccomp_notif n = {};

	handle_usr1(SA_RESTART);
	_exit(-CALL(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
}

TEST_F(notify, signal_ends_a_receive)
{
	struct seccomp_notif n;
	pid_t receiver;
	int status;

	START(0, call_once);
	RECV(&n);
	receiver = fork();
	if (!receiver)
		interrupted_receiver(self->listener);
	wait_until_in_call(receiver, __NR_ioctl);
	ASSERT_EQ(0, kill(receiver, SIGUSR1));
	ASSERT_EQ(receiver, waitpid(receiver, &status, 0));
	EXPECT_TRUE(exited_with(status, EINTR));
}

/* Somebody waits in RECV before the last user goes: no hang. */
TEST_F(notify, waiting_receiver_hears_of_the_end)
{
	struct seccomp_notif n = {};
	pid_t receiver;
	int status;

	START(0, call_once);
	RECV(&n);
	receiver = fork();
	if (!receiver) {
		struct seccomp_notif m = {};

		_exit(-CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &m)));
	}
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
	ASSERT_EQ(receiver, waitpid(receiver, &status, 0));
	EXPECT_TRUE(exited_with(status, ENOENT));
}

TEST_F(notify, closed_listener_is_enosys)
{
	START(0, call_once);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	close(self->listener);
	self->listener = -1;
	EXPECT_EXIT(ENOSYS);
}

TEST_F(notify, listener_closed_after_receipt_is_enosys)
{
	struct seccomp_notif n;

	START(0, call_once);
	RECV(&n);
	close(self->listener);
	self->listener = -1;
	EXPECT_EXIT(ENOSYS);
}

/* One listener in a chain, for as long as it is open */
TEST(one_open_listener_in_a_chain)
{
	const unsigned int flag = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int fd = attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF, flag);

	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(-EBUSY, attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF, flag));
	EXPECT_EQ(0, attach_for(__NR_getuid, SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(-EBUSY, attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF, flag));
	close(fd);
	EXPECT_LE(0, attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF, flag));
}

TEST(no_descriptor_left)
{
	struct rlimit limit = { 3, 3 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	EXPECT_EQ(-EMFILE, attach_for(SUBJECT, SECCOMP_RET_USER_NOTIF,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER));
	/* nothing changed */
	EXPECT_EQ(getppid(), subject());
}

/* The handler runs once, before the call returns. */
static int call_with_handler(int flags)
{
	int ret;

	handle_usr1(flags);
	ret = call_once();
	return signals == 1 ? ret : 99;
}

static int call_interrupted(void)
{
	return call_with_handler(0);
}

static int call_restarted(void)
{
	return call_with_handler(SA_RESTART);
}

/* After the handler the call is made again, as another one. */
TEST_F(notify, signal_before_receipt)
{
	struct seccomp_notif n;

	START(0, call_restarted);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	do {
		memset(&n, 0, sizeof(n));
	} while (CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)) == -ENOENT ||
		 answer(self->listener, n.id, 11, 0, 0) == -ENOENT);
	EXPECT_EXIT(11);
}

TEST_F(notify, signal_after_receipt)
{
	struct seccomp_notif n, again;

	START(0, call_restarted);
	RECV(&n);
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	do {
		memset(&again, 0, sizeof(again));
	} while (CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &again)) == -ENOENT);
	EXPECT_NE(n.id, again.id);
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id, 1, 0, 0));
	EXPECT_EQ(0, answer(self->listener, again.id, 12, 0, 0));
	EXPECT_EXIT(12);
}

/* A tracer comes and goes: no handler has run, so the call is made again. */
TEST_F(notify, tracer_after_receipt)
{
	struct seccomp_notif n, again;
	int status;

	START(0, call_once);
	RECV(&n);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, self->child, 0, 0));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, self->child, 0, 0));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, self->child, 0, 0));
	do {
		memset(&again, 0, sizeof(again));
	} while (CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &again)) == -ENOENT);
	EXPECT_NE(n.id, again.id);
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id, 1, 0, 0));
	EXPECT_EQ(0, answer(self->listener, again.id, 16, 0, 0));
	EXPECT_EXIT(16);
}

TEST_F(notify, signal_without_restart_is_eintr)
{
	struct seccomp_notif n;

	START(0, call_interrupted);
	RECV(&n);
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	EXPECT_EXIT(EINTR);
}

/*
 * From now on the caller runs as soon as it is woken: it shares a processor with
 * the test and has precedence.
 */
static int give_precedence(pid_t pid)
{
	struct sched_param param = { .sched_priority = 1 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	return sched_setaffinity(0, sizeof(one), &one) ||
	       sched_setaffinity(pid, sizeof(one), &one) ||
	       sched_setscheduler(pid, SCHED_FIFO, &param);
}

/* With the flag a received call waits for its answer through the signal. */
TEST_F(notify, wait_killable_survives_a_signal)
{
	struct seccomp_notif n;

	START(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, call_restarted);
	RECV(&n);
	ASSERT_EQ(0, give_precedence(self->child));
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	EXPECT_EQ(0, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, answer(self->listener, n.id, 13, 0, 0));
	EXPECT_EXIT(13);
}

/* ... also if its handler does not restart calls */
TEST_F(notify, wait_killable_needs_no_restart)
{
	struct seccomp_notif n;

	START(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, call_interrupted);
	RECV(&n);
	ASSERT_EQ(0, give_precedence(self->child));
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	EXPECT_EQ(0, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, answer(self->listener, n.id, 15, 0, 0));
	EXPECT_EXIT(15);
}

TEST_F(notify, wait_killable_is_interruptible_before_receipt)
{
	START(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, call_interrupted);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->child, SIGUSR1));
	EXPECT_EXIT(EINTR);
}

TEST_F(notify, wait_killable_dies_of_a_kill)
{
	struct seccomp_notif n;
	int status;

	START(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, call_once);
	RECV(&n);
	ASSERT_EQ(0, kill(self->child, SIGKILL));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	EXPECT_TRUE(killed_by(status, SIGKILL));
	EXPECT_EQ(-ENOENT, answer(self->listener, n.id, 1, 0, 0));
	self->child = 0;
}

/* A call that is gone does not make its receiver wait. */
TEST_F(notify, killed_before_receipt_is_enoent)
{
	struct seccomp_notif n = {};

	START(0, call_once);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->child, SIGKILL));
	ASSERT_EQ(self->child, waitpid(self->child, NULL, 0));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	self->child = 0;
}

/* Another user's call comes as ever after that. */
static int killed_pipe[2], go_pipe[2];

static int call_after_a_killed_one(void)
{
	pid_t pid = fork();
	char byte;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return call_once();
	}
	if (write(killed_pipe[1], &pid, sizeof(pid)) != sizeof(pid) ||
	    waitpid(pid, NULL, 0) != pid ||
	    write(killed_pipe[1], &pid, sizeof(pid)) != sizeof(pid) ||
	    read(go_pipe[0], &byte, 1) != 1)
		return CHILD_WRONG;
	return call_once();
}

TEST_F(notify, killed_before_receipt_is_not_the_end)
{
	struct seccomp_notif n = {};
	pid_t pid;

	ASSERT_EQ(0, pipe(killed_pipe));
	ASSERT_EQ(0, pipe(go_pipe));
	START(0, call_after_a_killed_one);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(sizeof(pid), read(killed_pipe[0], &pid, sizeof(pid)));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(sizeof(pid), read(killed_pipe[0], &pid, sizeof(pid)));
	EXPECT_EQ(-ENOENT, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	ASSERT_EQ(1, write(go_pipe[1], "g", 1));
	RECV(&n);
	EXPECT_EQ(self->child, n.pid);
	EXPECT_EQ(0, answer(self->listener, n.id, 17, 0, 0));
	EXPECT_EXIT(17);
}

/* Threads have chains of their own, and in each there may be a listener. */
static const int thread_calls[] = { SUBJECT, __NR_getuid };
static int thread_listeners[2];
static pthread_barrier_t listening;

static void *listen_and_call(void *arg)
{
	int i = (intptr_t)arg;

	thread_listeners[i] = attach_for(thread_calls[i], SECCOMP_RET_USER_NOTIF,
					 SECCOMP_FILTER_FLAG_NEW_LISTENER);
	pthread_barrier_wait(&listening);
	return (void *)(intptr_t)call_number(thread_calls[i]);
}

TEST(a_listener_for_each_thread)
{
	pthread_t threads[2];

	pthread_barrier_init(&listening, NULL, 3);
	for (intptr_t i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, listen_and_call,
					    (void *)i));
	pthread_barrier_wait(&listening);
	for (int i = 0; i < 2; i++) {
		int listener = thread_listeners[i];
		struct seccomp_notif n = {};
		void *result;

		ASSERT_LE(0, listener);
		ASSERT_EQ(0, CALL(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
		EXPECT_EQ(thread_calls[i], n.data.nr);
		EXPECT_EQ(0, answer(listener, n.id, 18 + i, 0, 0));
		ASSERT_EQ(0, pthread_join(threads[i], &result));
		EXPECT_EQ(18 + i, (intptr_t)result);
		/* its only user was that thread */
		EXPECT_EQ(POLLHUP, events(listener, -1));
	}
}

/* Are signals pending for a process? */
static bool thread_signals(pid_t pid)
{
	char path[64], buf[8192];
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return false;
	at = strstr(buf, "ShdPnd:\t");
	return at && strtoull(at + 8, NULL, 16);
}

/* However many calls gave up, one RECV tells of it. */
static int call_through_signals(void)
{
	handle_usr1(0);
	while (signals < 5)
		subject();
	subject();
	return call_once();
}

TEST_F(notify, calls_that_gave_up_are_told_once)
{
	struct seccomp_notif n = {};
	int told = 0;

	START(0, call_through_signals);
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(POLLIN, events(self->listener, -1));
		ASSERT_EQ(0, kill(self->child, SIGUSR1));
		/* until the caller has seen it, it is the same call */
		while (events(self->listener, 0) == POLLIN &&
		       thread_signals(self->child))
			sched_yield();
	}
	for (int i = 0; i < 2; i++) {
		memset(&n, 0, sizeof(n));
		while (CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)) == -ENOENT)
			told++;
		EXPECT_EQ(0, answer(self->listener, n.id, 14, 0, 0));
	}
	EXPECT_GE(1, told);
	EXPECT_EXIT(14);
}

/* Descriptors for the caller */

TEST_F(notify, set_flags)
{
	struct seccomp_notif n;

	START(0, call_once);
	EXPECT_EQ(-EINVAL, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 2UL)));
	EXPECT_EQ(-EINVAL, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, -1UL)));
	EXPECT_EQ(0, CALL(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1UL)));
	RECV(&n);
	EXPECT_EQ(0, answer(self->listener, n.id, 21, 0, 0));
	EXPECT_EXIT(21);
}

/* Many callers, each gets its own answer. */
static int many_callers(void)
{
	pid_t pids[8];
	int wrong = 0;

	for (int i = 0; i < 8; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			long ret = subject();

			_exit(ret == getpid() % 100 ? 0 : 1);
		}
	}
	for (int i = 0; i < 8; i++) {
		int status;

		waitpid(pids[i], &status, 0);
		wrong += status != 0;
	}
	return wrong;
}

TEST_F(notify, answers_reach_their_callers)
{
	struct seccomp_notif n[8];

	START(0, many_callers);
	for (int i = 0; i < 8; i++)
		RECV(&n[i]);
	/* not in the order in which they came */
	for (int i = 7; i >= 0; i--)
		EXPECT_EQ(0, answer(self->listener, n[i].id, n[i].pid % 100, 0, 0));
	EXPECT_EXIT(0);
}

/* A supervisor of another pid namespace sees pids as it knows them, or none. */
TEST_F(notify, supervisor_in_another_pid_namespace)
{
	struct seccomp_notif n = {};
	pid_t supervisor;
	int status;

	START(0, call_once);
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	supervisor = fork();
	if (!supervisor) {
		if (ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
			_exit(1);
		if (n.pid)
			_exit(2);
		_exit(-answer(self->listener, n.id, 31, 0, 0));
	}
	ASSERT_EQ(supervisor, waitpid(supervisor, &status, 0));
	EXPECT_TRUE(exited_with(status, 0)) {
		TH_LOG("status %#x", status);
	}
	EXPECT_EXIT(31);
}

/* The log: once, when it is decided, whatever the supervisor does. */
TEST_F(notify, logged_once_and_when_it_continues)
{
	struct audit audit;
	struct seccomp_record r[3];
	struct seccomp_notif n;
	pid_t child;

	ASSERT_EQ(0, audit_open(&audit));
	START(SECCOMP_FILTER_FLAG_LOG, call_once);
	child = self->child;
	RECV(&n);
	/* there before the answer */
	ASSERT_EQ(1, audit_collect_seccomp(&audit, child, r, 3));
	EXPECT_EQ(SECCOMP_RET_USER_NOTIF, r[0].code);
	EXPECT_EQ(SUBJECT, r[0].syscall);
	EXPECT_EQ(0, r[0].sig);
	EXPECT_EQ(0, answer(self->listener, n.id, 0, 0,
			    SECCOMP_USER_NOTIF_FLAG_CONTINUE));
	EXPECT_EXIT(getpid() & 0xff);
	EXPECT_EQ(0, audit_collect_seccomp(&audit, child, r, 3));
	audit_close(&audit);
}

TEST_HARNESS_MAIN
