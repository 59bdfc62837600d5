// SPDX-License-Identifier: GPL-2.0
/*
 * User notification: requests of the supervisor, signals, listeners, tracers.
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

	START_TARGET(0, target_syscall);
	RECV(&n);
	EXPECT_EQ(self->target, n.pid);
	EXPECT_EQ(0, n.flags);
	EXPECT_EQ(TEST_NR, n.data.nr);
	EXPECT_EQ(TEST_ARCH, n.data.arch);
	EXPECT_EQ(TEST_IP, n.data.instruction_pointer);
	EXPECT_EQ(0, respond(self->listener, n.id, 42, 0, 0));
	EXPECT_EXIT(42);
}

TEST_F(notify, error)
{
	struct seccomp_notif n;

	START_TARGET(0, target_syscall);
	RECV(&n);
	EXPECT_EQ(0, respond(self->listener, n.id, 0, -E2BIG, 0));
	EXPECT_EXIT(E2BIG);
}

TEST_F(notify, continues)
{
	struct seccomp_notif n;

	START_TARGET(0, target_syscall);
	RECV(&n);
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0,
			     SECCOMP_USER_NOTIF_FLAG_CONTINUE));
	EXPECT_EXIT(getpid() & 0xff);
}

static int call_with_arguments(void)
{
	raw_syscall(TEST_NR, 1, -2, 3, LONG_MIN, 5, -6);
	return 0;
}

TEST_F(notify, arguments)
{
	struct seccomp_notif n;

	START_TARGET(0, call_with_arguments);
	RECV(&n);
	EXPECT_EQ(1, n.data.args[0]);
	EXPECT_EQ(-2UL, n.data.args[1]);
	EXPECT_EQ(3, n.data.args[2]);
	EXPECT_EQ((unsigned long)LONG_MIN, n.data.args[3]);
	EXPECT_EQ(5, n.data.args[4]);
	EXPECT_EQ(-6UL, n.data.args[5]);
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
}

TEST_F(notify, bad_responses)
{
	struct seccomp_notif n;
	const uint32_t cont = SECCOMP_USER_NOTIF_FLAG_CONTINUE;

	START_TARGET(0, target_syscall);
	RECV(&n);
	EXPECT_EQ(-EINVAL, respond(self->listener, n.id, 0, 0, 2));
	EXPECT_EQ(-EINVAL, respond(self->listener, n.id, 0, 0, -1));
	EXPECT_EQ(-EINVAL, respond(self->listener, n.id, 1, 0, cont));
	EXPECT_EQ(-EINVAL, respond(self->listener, n.id, 0, -1, cont));
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id + 1, 0, 0, 0));
	EXPECT_EQ(-EFAULT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SEND, NULL)));
	EXPECT_EQ(0, respond(self->listener, n.id, 1, 0, 0));
	EXPECT_EXIT(1);
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, 1, 0, 0));
}

static int use_first_cpu(pid_t pid)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	return sched_setaffinity(pid, sizeof(one), &one);
}

static int use_fifo(pid_t pid)
{
	struct sched_param param = { .sched_priority = 1 };

	return sched_setscheduler(pid, SCHED_FIFO, &param);
}

/*
 * Receive from a new target, which then cannot run until the test waits: it
 * shares a CPU with the test, which has a higher priority.
 */
#define RECV_AND_PREEMPT(body, notif) do {				\
	ASSERT_EQ(0, use_first_cpu(0));					\
	START_TARGET(0, body);						\
	RECV(notif);							\
	ASSERT_EQ(0, use_fifo(0));					\
} while (0)

/* Between a response and the target's return no other request succeeds. */
TEST_F(notify, second_response_is_einprogress)
{
	struct seccomp_notif n;

	RECV_AND_PREEMPT(target_syscall, &n);
	EXPECT_EQ(0, respond(self->listener, n.id, 22, 0, 0));
	EXPECT_EQ(-EINPROGRESS, respond(self->listener, n.id, 33, 0, 0));
	EXPECT_EQ(-EINPROGRESS, addfd(self->listener, n.id, 0, 0, 0, 0));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EXIT(22);
}

TEST_F(notify, bad_requests)
{
	struct seccomp_notif n = { .pid = 1 };

	START_TARGET(0, target_syscall);
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	EXPECT_EQ(-EFAULT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, NULL)));
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, SECCOMP_IO(9), NULL)));
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, 0, NULL)));
}

/* A notification that RECV could not copy is pending again. */
TEST_F(notify, failed_receive_is_pending_again)
{
	struct seccomp_notif *page, n;

	START_TARGET(0, target_syscall);
	/* readable, since RECV checks that it is zero, but not writable */
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	EXPECT_EQ(-EFAULT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, page)));
	RECV(&n);
	EXPECT_EQ(0, respond(self->listener, n.id, 5, 0, 0));
	EXPECT_EXIT(5);
}

TEST_F(notify, id_valid_by_both_numbers)
{
	struct seccomp_notif n;
	uint64_t other;

	START_TARGET(0, target_syscall);
	RECV(&n);
	other = n.id + 1;
	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, RESULT(ioctl(self->listener, ID_VALID_OLD, &n.id)));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &other)));
	EXPECT_EQ(-EFAULT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, NULL)));
	ASSERT_EQ(0, kill(self->target, SIGKILL));
	ASSERT_EQ(self->target, waitpid(self->target, NULL, 0));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, 1, 0, 0));
	self->target = 0;
}

static short events(int fd, int timeout)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&p, 1, timeout) >= 0 ? p.revents : -1;
}

TEST_F(notify, poll_events)
{
	struct seccomp_notif n;

	START_TARGET(0, target_syscall);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	RECV(&n);
	EXPECT_EQ(POLLOUT, events(self->listener, -1));
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
	EXPECT_EQ(POLLHUP, events(self->listener, -1));
}

static void wait_until_writable(int listener)
{
	struct pollfd p = { .fd = listener, .events = POLLOUT };

	_exit(syscall(__NR_ppoll, &p, 1, NULL, NULL, 0) != 1 ||
	      p.revents != POLLOUT);
}

/* It is writable when a notification has been received. */
TEST_F(notify, receipt_wakes_another_process_that_polls)
{
	struct seccomp_notif n;
	pid_t poller;
	int status;

	START_TARGET(0, target_syscall);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	poller = fork();
	if (!poller)
		wait_until_writable(self->listener);
	wait_for_syscall(poller, __NR_ppoll);
	RECV(&n);
	ASSERT_EQ(poller, waitpid(poller, &status, 0));
	EXPECT_TRUE(exited_with(status, 0));
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
}

static int do_nothing(void)
{
	return 0;
}

/* A zombie makes no system calls, so the listener has no user any more. */
TEST_F(notify, last_exit_is_enoent_and_hup_before_the_reap)
{
	struct seccomp_notif n = {};
	siginfo_t info;

	START_TARGET(0, do_nothing);
	EXPECT_EQ(POLLHUP, events(self->listener, -1));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	/* still there to be reaped */
	EXPECT_EQ(0, waitid(P_PID, self->target, &info, WEXITED | WNOWAIT));
	EXPECT_EXIT(0);
}

static int fork_and_exit(void)
{
	pid_t pid = fork();

	if (!pid) {
		/* outlives its parent and makes one call */
		prctl(PR_SET_PDEATHSIG, 0);
		test_syscall();
		_exit(0);
	}
	return 0;
}

TEST_F(notify, children_are_users_too)
{
	struct seccomp_notif n;

	START_TARGET(0, fork_and_exit);
	EXPECT_EXIT(0);
	RECV(&n);
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0, 0));
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

/* A signal interrupts RECV, also if its handler has SA_RESTART. */
static void interrupted_receiver(int listener)
{
	struct seccomp_notif n = {};

	handle_usr1(SA_RESTART);
	_exit(-RESULT(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
}

TEST_F(notify, signal_interrupts_receive)
{
	struct seccomp_notif n;
	pid_t receiver;
	int status;

	START_TARGET(0, target_syscall);
	RECV(&n);
	receiver = fork();
	if (!receiver)
		interrupted_receiver(self->listener);
	wait_for_syscall(receiver, __NR_ioctl);
	ASSERT_EQ(0, kill(receiver, SIGUSR1));
	ASSERT_EQ(receiver, waitpid(receiver, &status, 0));
	EXPECT_TRUE(exited_with(status, EINTR));
}

/* A supervisor that waits in RECV returns when the last user exits. */
TEST_F(notify, last_exit_ends_a_waiting_receive)
{
	struct seccomp_notif n = {};
	pid_t receiver;
	int status;

	START_TARGET(0, target_syscall);
	RECV(&n);
	receiver = fork();
	if (!receiver) {
		struct seccomp_notif m = {};

		_exit(-RESULT(ioctl(self->listener,
				    SECCOMP_IOCTL_NOTIF_RECV, &m)));
	}
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0, 0));
	EXPECT_EXIT(0);
	ASSERT_EQ(receiver, waitpid(receiver, &status, 0));
	EXPECT_TRUE(exited_with(status, ENOENT));
}

TEST_F(notify, closed_listener_is_enosys)
{
	START_TARGET(0, target_syscall);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	close(self->listener);
	self->listener = -1;
	EXPECT_EXIT(ENOSYS);
}

TEST_F(notify, listener_closed_after_receipt_is_enosys)
{
	struct seccomp_notif n;

	START_TARGET(0, target_syscall);
	RECV(&n);
	close(self->listener);
	self->listener = -1;
	EXPECT_EXIT(ENOSYS);
}

/* A chain can have one open listener. */
TEST(one_open_listener_in_a_chain)
{
	const unsigned int flag = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int fd = attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF, flag);

	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	EXPECT_EQ(-EBUSY, attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF, flag));
	EXPECT_EQ(0, attach_for(__NR_getuid, SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(-EBUSY, attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF, flag));
	close(fd);
	EXPECT_LE(0, attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF, flag));
}

TEST(no_descriptor_left)
{
	struct rlimit limit = { 3, 3 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	EXPECT_EQ(-EMFILE, attach_for(TEST_NR, SECCOMP_RET_USER_NOTIF,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER));
	/* nothing has changed */
	EXPECT_EQ(getppid(), test_syscall());
}

/* The handler runs once before the system call returns. */
static int target_with_handler(int flags)
{
	int ret;

	handle_usr1(flags);
	ret = target_syscall();
	return signals == 1 ? ret : 99;
}

static int target_interrupted(void)
{
	return target_with_handler(0);
}

static int target_restarted(void)
{
	return target_with_handler(SA_RESTART);
}

/* After the handler the call is restarted, with another notification. */
TEST_F(notify, signal_before_receipt)
{
	struct seccomp_notif n;

	START_TARGET(0, target_restarted);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	do {
		memset(&n, 0, sizeof(n));
	} while (RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)) == -ENOENT ||
		 respond(self->listener, n.id, 11, 0, 0) == -ENOENT);
	EXPECT_EXIT(11);
}

TEST_F(notify, signal_after_receipt)
{
	struct seccomp_notif n, again;

	START_TARGET(0, target_restarted);
	RECV(&n);
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	do {
		memset(&again, 0, sizeof(again));
	} while (RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &again)) == -ENOENT);
	EXPECT_NE(n.id, again.id);
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, 1, 0, 0));
	EXPECT_EQ(0, respond(self->listener, again.id, 12, 0, 0));
	EXPECT_EXIT(12);
}

/* A tracer stops and detaches: no handler has run, so the call is restarted. */
TEST_F(notify, tracer_after_receipt)
{
	struct seccomp_notif n, again;
	int status;

	START_TARGET(0, target_syscall);
	RECV(&n);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, self->target, 0, 0));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, self->target, 0, 0));
	ASSERT_EQ(self->target, waitpid(self->target, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, self->target, 0, 0));
	do {
		memset(&again, 0, sizeof(again));
	} while (RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &again)) == -ENOENT);
	EXPECT_NE(n.id, again.id);
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, 1, 0, 0));
	EXPECT_EQ(0, respond(self->listener, again.id, 16, 0, 0));
	EXPECT_EXIT(16);
}

TEST_F(notify, signal_without_restart_is_eintr)
{
	struct seccomp_notif n;

	START_TARGET(0, target_interrupted);
	RECV(&n);
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	EXPECT_EXIT(EINTR);
}

/* A response counts, even if the target sees a signal at the same time. */
TEST_F(notify, response_counts_despite_a_signal)
{
	struct seccomp_notif n;

	RECV_AND_PREEMPT(target_interrupted, &n);
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	EXPECT_EQ(0, respond(self->listener, n.id, 22, 0, 0));
	EXPECT_EXIT(22);
}

/*
 * From now on the target runs as soon as it is woken: it shares a CPU with the
 * test and has a higher priority.
 */
static int raise_priority(pid_t pid)
{
	return use_first_cpu(0) || use_first_cpu(pid) || use_fifo(pid);
}

/* With the flag a signal does not interrupt a call that is received. */
TEST_F(notify, wait_killable_survives_a_signal)
{
	struct seccomp_notif n;

	START_TARGET(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, target_restarted);
	RECV(&n);
	ASSERT_EQ(0, raise_priority(self->target));
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, respond(self->listener, n.id, 13, 0, 0));
	EXPECT_EXIT(13);
}

/* ... also if its handler has no SA_RESTART */
TEST_F(notify, wait_killable_needs_no_restart)
{
	struct seccomp_notif n;

	START_TARGET(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		     target_interrupted);
	RECV(&n);
	ASSERT_EQ(0, raise_priority(self->target));
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n.id)));
	EXPECT_EQ(0, respond(self->listener, n.id, 15, 0, 0));
	EXPECT_EXIT(15);
}

TEST_F(notify, wait_killable_is_interruptible_before_receipt)
{
	START_TARGET(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		     target_interrupted);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->target, SIGUSR1));
	EXPECT_EXIT(EINTR);
}

TEST_F(notify, wait_killable_can_be_killed)
{
	struct seccomp_notif n;
	int status;

	START_TARGET(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, target_syscall);
	RECV(&n);
	ASSERT_EQ(0, kill(self->target, SIGKILL));
	ASSERT_EQ(self->target, waitpid(self->target, &status, 0));
	EXPECT_TRUE(killed_by(status, SIGKILL));
	EXPECT_EQ(-ENOENT, respond(self->listener, n.id, 1, 0, 0));
	self->target = 0;
}

/* RECV does not wait if the notification was withdrawn. */
TEST_F(notify, killed_before_receipt_is_enoent)
{
	struct seccomp_notif n = {};

	START_TARGET(0, target_syscall);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(0, kill(self->target, SIGKILL));
	ASSERT_EQ(self->target, waitpid(self->target, NULL, 0));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	self->target = 0;
}

/* After that, a notification of another target can be received. */
static int killed_pipe[2], go_pipe[2];

static int target_after_killed_one(void)
{
	pid_t pid = fork();
	char byte;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return target_syscall();
	}
	if (write(killed_pipe[1], &pid, sizeof(pid)) != sizeof(pid) ||
	    waitpid(pid, NULL, 0) != pid ||
	    write(killed_pipe[1], &pid, sizeof(pid)) != sizeof(pid) ||
	    read(go_pipe[0], &byte, 1) != 1)
		return CHILD_WRONG;
	return target_syscall();
}

TEST_F(notify, other_target_after_a_killed_one)
{
	struct seccomp_notif n = {};
	pid_t pid;

	ASSERT_EQ(0, pipe(killed_pipe));
	ASSERT_EQ(0, pipe(go_pipe));
	START_TARGET(0, target_after_killed_one);
	EXPECT_EQ(POLLIN, events(self->listener, -1));
	ASSERT_EQ(sizeof(pid), read(killed_pipe[0], &pid, sizeof(pid)));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(sizeof(pid), read(killed_pipe[0], &pid, sizeof(pid)));
	EXPECT_EQ(-ENOENT, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)));
	ASSERT_EQ(1, write(go_pipe[1], "g", 1));
	RECV(&n);
	EXPECT_EQ(self->target, n.pid);
	EXPECT_EQ(0, respond(self->listener, n.id, 17, 0, 0));
	EXPECT_EXIT(17);
}

/* Each thread has its own chain, which can have a listener. */
static const int thread_calls[] = { TEST_NR, __NR_getuid };
static int thread_listeners[2];
static pthread_barrier_t listening;

static void *listen_and_call(void *arg)
{
	int i = (intptr_t)arg;

	thread_listeners[i] = attach_for(thread_calls[i], SECCOMP_RET_USER_NOTIF,
					 SECCOMP_FILTER_FLAG_NEW_LISTENER);
	pthread_barrier_wait(&listening);
	return (void *)(intptr_t)raw_syscall0(thread_calls[i]);
}

TEST(one_listener_for_each_thread)
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
		ASSERT_EQ(0, RESULT(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV,
					  &n)));
		EXPECT_EQ(thread_calls[i], n.data.nr);
		EXPECT_EQ(0, respond(listener, n.id, 18 + i, 0, 0));
		ASSERT_EQ(0, pthread_join(threads[i], &result));
		EXPECT_EQ(18 + i, (intptr_t)result);
		/* this thread was its only user */
		EXPECT_EQ(POLLHUP, events(listener, -1));
	}
}

/* Does a process have pending signals? */
static bool signals_pending(pid_t pid)
{
	char path[64], buf[8192];
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return false;
	at = strstr(buf, "ShdPnd:\t");
	return at && strtoull(at + 8, NULL, 16);
}

/* Whatever the number of withdrawn notifications is, one RECV fails. */
static int target_with_signals(void)
{
	handle_usr1(0);
	while (signals < 5)
		test_syscall();
	test_syscall();
	return target_syscall();
}

TEST_F(notify, withdrawn_notifications_are_one_enoent)
{
	struct seccomp_notif n = {};
	int enoent = 0;

	START_TARGET(0, target_with_signals);
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(POLLIN, events(self->listener, -1));
		ASSERT_EQ(0, kill(self->target, SIGUSR1));
		/* wait until the target has withdrawn its notification */
		while (events(self->listener, 0) == POLLIN &&
		       signals_pending(self->target))
			sched_yield();
	}
	for (int i = 0; i < 2; i++) {
		memset(&n, 0, sizeof(n));
		while (RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n)) == -ENOENT)
			enoent++;
		EXPECT_EQ(0, respond(self->listener, n.id, 14, 0, 0));
	}
	EXPECT_GE(1, enoent);
	EXPECT_EXIT(14);
}

/* Flags of the listener */

TEST_F(notify, set_flags)
{
	struct seccomp_notif n;

	START_TARGET(0, target_syscall);
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 2UL)));
	EXPECT_EQ(-EINVAL, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, -1UL)));
	EXPECT_EQ(0, RESULT(ioctl(self->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1UL)));
	RECV(&n);
	EXPECT_EQ(0, respond(self->listener, n.id, 21, 0, 0));
	EXPECT_EXIT(21);
}

/* Each of many targets gets its own response. */
static int many_targets(void)
{
	pid_t pids[8];
	int wrong = 0;

	for (int i = 0; i < 8; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			long ret = test_syscall();

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

TEST_F(notify, responses_reach_their_targets)
{
	struct seccomp_notif n[8];

	START_TARGET(0, many_targets);
	for (int i = 0; i < 8; i++)
		RECV(&n[i]);
	/* in reverse order */
	for (int i = 7; i >= 0; i--)
		EXPECT_EQ(0, respond(self->listener, n[i].id, n[i].pid % 100, 0,
				     0));
	EXPECT_EXIT(0);
}

/* A supervisor gets the pid of its own pid namespace; 0 if there is none. */
TEST_F(notify, supervisor_in_another_pid_namespace)
{
	struct seccomp_notif n = {};
	pid_t supervisor;
	int status;

	START_TARGET(0, target_syscall);
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	supervisor = fork();
	if (!supervisor) {
		if (ioctl(self->listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
			_exit(1);
		if (n.pid)
			_exit(2);
		_exit(-respond(self->listener, n.id, 31, 0, 0));
	}
	ASSERT_EQ(supervisor, waitpid(supervisor, &status, 0));
	EXPECT_TRUE(exited_with(status, 0)) {
		TH_LOG("status %#x", status);
	}
	EXPECT_EXIT(31);
}

/* The call is logged once, before it is notified, whatever the response is. */
TEST_F(notify, logged_once_if_it_continues)
{
	struct audit audit;
	struct seccomp_record r[3];
	struct seccomp_notif n;
	pid_t child;

	ASSERT_EQ(0, audit_open(&audit));
	START_TARGET(SECCOMP_FILTER_FLAG_LOG, target_syscall);
	child = self->target;
	RECV(&n);
	/* written before the response */
	ASSERT_EQ(1, audit_collect_seccomp(&audit, child, r, 3));
	EXPECT_EQ(SECCOMP_RET_USER_NOTIF, r[0].code);
	EXPECT_EQ(TEST_NR, r[0].syscall);
	EXPECT_EQ(0, r[0].sig);
	EXPECT_EQ(0, respond(self->listener, n.id, 0, 0,
			     SECCOMP_USER_NOTIF_FLAG_CONTINUE));
	EXPECT_EXIT(getpid() & 0xff);
	EXPECT_EQ(0, audit_collect_seccomp(&audit, child, r, 3));
	audit_close(&audit);
}

/*
 * A program under a filter that logs adds one that sends the call to a
 * supervisor of its own, and lets it go on: only the newer filter decides. It
 * does not ask for records, so there is one only if the process is audited.
 */
static int continue_own_call(const void *arg)
{
	struct seccomp_notif n = {};
	int listener, status;
	pid_t target = 0;

	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	listener = start_target(&target, 0, target_syscall);
	**(pid_t *const *)arg = target;
	if (listener < 0 || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) ||
	    respond(listener, n.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE) ||
	    waitpid(target, &status, 0) != target)
		return CHILD_SETUP;
	return exited_with(status, getpid() & 0xff) ? CHILD_OK : CHILD_WRONG;
}

TEST_F(notify, continuing_hides_calls_from_an_older_log)
{
	pid_t *target = mmap(NULL, sizeof(*target), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct seccomp_record r[2];
	struct audit audit;

	ASSERT_NE(MAP_FAILED, target);
	ASSERT_EQ(0, audit_open(&audit));
	ASSERT_TRUE(exited_with(run_child(continue_own_call, &target, NULL),
				CHILD_OK));
	EXPECT_EQ(0, audit_collect_seccomp(&audit, *target, r, 2));

	ASSERT_EQ(0, audit_add_syscall_rule(&audit, __NR_swapoff));
	ASSERT_TRUE(exited_with(run_child(continue_own_call, &target, NULL),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect_seccomp(&audit, *target, r, 2));
	EXPECT_EQ(SECCOMP_RET_USER_NOTIF, r[0].code);
	EXPECT_EQ(TEST_NR, r[0].syscall);
	audit_close(&audit);
	munmap(target, sizeof(*target));
}

TEST_HARNESS_MAIN
