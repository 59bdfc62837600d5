// SPDX-License-Identifier: GPL-2.0
/*
 * Each action: its effect on the caller, and its record.
 */
#include "common.h"

#include <pthread.h>
#include <sys/resource.h>

#include "audit.h"
#include "registers.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(actions)

/* Attach a filter with SECCOMP_FILTER_FLAG_LOG. */
static int attach_with_log(uint32_t value)
{
	return attach_for(TEST_NR, value, SECCOMP_FILTER_FLAG_LOG);
}

#define EXPECT_RECORD(_pid, _code, _sig) do {				\
	struct seccomp_record _r;					\
	int _n = audit_collect_seccomp(&self->audit, _pid, &_r, 1);	\
									\
	EXPECT_EQ(1, _n);						\
	if (_n > 0) {							\
		EXPECT_EQ(_code, _r.code);				\
		EXPECT_EQ(_sig, _r.sig);				\
		EXPECT_EQ(TEST_NR, _r.syscall);				\
		EXPECT_EQ(TEST_ARCH, _r.arch);				\
		EXPECT_EQ(TEST_IP, _r.ip);				\
	}								\
} while (0)

#define EXPECT_NO_RECORD(_pid) do {					\
	struct seccomp_record _r;					\
									\
	EXPECT_EQ(0, audit_collect_seccomp(&self->audit, _pid, &_r, 1));\
} while (0)

static int expect_result(uint32_t value, long expected)
{
	long ret;

	if (attach_with_log(value))
		return CHILD_SETUP;
	ret = test_syscall();
	return ret == expected ? CHILD_OK : CHILD_WRONG;
}

static int allowed(const void *arg)
{
	return expect_result(SECCOMP_RET_ALLOW | 7, getppid());
}

TEST_F(actions, allow)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(allowed, NULL, &pid), CHILD_OK));
	EXPECT_NO_RECORD(pid);
}

static int logged(const void *arg)
{
	return expect_result(SECCOMP_RET_LOG | 7, getppid());
}

TEST_F(actions, log)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(logged, NULL, &pid), CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_LOG, 0);
}

static int with_errno(const void *arg)
{
	int data = *(const int *)arg;

	return expect_result(SECCOMP_RET_ERRNO | data,
			     data > 4095 ? -4095 : -data);
}

TEST_F(actions, errno_is_data_up_to_4095)
{
	const int data[] = { 0, 1, EPERM, 133, 4094, 4095, 4096, 0xffff };

	for (int i = 0; i < ARRAY_SIZE(data); i++) {
		pid_t pid;

		EXPECT_TRUE(exited_with(run_child(with_errno, &data[i], &pid),
					CHILD_OK)) {
			TH_LOG("data %d", data[i]);
		}
		EXPECT_RECORD(pid, SECCOMP_RET_ERRNO, 0);
	}
}

static int without_tracer(const void *arg)
{
	return expect_result(SECCOMP_RET_TRACE | 7, -ENOSYS);
}

TEST_F(actions, trace_without_tracer_is_enosys)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(without_tracer, NULL, &pid),
				CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_TRACE, 0);
}

static int without_listener(const void *arg)
{
	return expect_result(SECCOMP_RET_USER_NOTIF | 7, -ENOSYS);
}

TEST_F(actions, user_notif_without_listener_is_enosys)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(without_listener, NULL, &pid),
				CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_USER_NOTIF, 0);
}

/* TRAP: siginfo has the system call, its address, and the filter's data. */
static volatile siginfo_t trapped;
static volatile int traps;

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	memcpy((void *)&trapped, info, sizeof(*info));
	traps++;
}

static int trap(const void *arg)
{
	struct sigaction action = {
		.sa_sigaction = on_sigsys,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGSYS, &action, NULL);
	if (attach_with_log(SECCOMP_RET_TRAP | 0xbeef))
		return CHILD_SETUP;
	test_syscall();
	if (traps != 1 || trapped.si_signo != SIGSYS ||
	    trapped.si_code != 1 /* SYS_SECCOMP */ ||
	    trapped.si_errno != 0xbeef || trapped.si_syscall != TEST_NR ||
	    trapped.si_arch != TEST_ARCH)
		return CHILD_WRONG;
	if (trapped.si_call_addr != (void *)TEST_IP)
		return CHILD_WRONG;
	return CHILD_OK;
}

TEST_F(actions, trap)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(trap, NULL, &pid), CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_TRAP, 0);
}

/*
 * The handler finds in the result's register what it held before the system
 * call: on x86 the number, elsewhere the first argument.
 */
static volatile long trapped_result;

static void on_sigsys_registers(int sig, siginfo_t *info, void *context)
{
	trapped_result = result_register(context);
}

static int trap_registers(const void *arg)
{
	struct sigaction action = {
		.sa_sigaction = on_sigsys_registers,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGSYS, &action, NULL);
	if (attach_with_log(SECCOMP_RET_TRAP))
		return CHILD_SETUP;
	raw_syscall(TEST_NR, 4321, 0, 0, 0, 0, 0);
	return trapped_result == RESULT_BEFORE(TEST_NR, 4321) ? CHILD_OK :
								CHILD_WRONG;
}

TEST_F(actions, trap_rolls_back_the_syscall)
{
	EXPECT_TRUE(exited_with(run_child(trap_registers, NULL, NULL), CHILD_OK));
}

/* The signal is forced: a process that blocks or ignores it is killed. */
static int trap_ignored(const void *arg)
{
	signal(SIGSYS, SIG_IGN);
	if (attach_with_log(SECCOMP_RET_TRAP))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

static int trap_blocked(const void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (attach_with_log(SECCOMP_RET_TRAP))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(actions, trap_ignored_or_blocked_kills)
{
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(trap_ignored, NULL, &pid), SIGSYS));
	EXPECT_RECORD(pid, SECCOMP_RET_TRAP, 0);
	EXPECT_TRUE(killed_by(run_child(trap_blocked, NULL, &pid), SIGSYS));
	EXPECT_RECORD(pid, SECCOMP_RET_TRAP, 0);
}

/* The signal is blocked in its own handler, so a second one kills. */
static void on_sigsys_trap_again(int sig)
{
	test_syscall();
	_exit(CHILD_WRONG);
}

static int trap_twice(const void *arg)
{
	signal(SIGSYS, on_sigsys_trap_again);
	if (attach_with_log(SECCOMP_RET_TRAP))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(actions, trap_in_its_handler_kills)
{
	struct seccomp_record r[3];
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(trap_twice, NULL, &pid), SIGSYS));
	EXPECT_EQ(2, audit_collect_seccomp(&self->audit, pid, r, 3));
	EXPECT_EQ(SECCOMP_RET_TRAP, r[0].code);
	EXPECT_EQ(SECCOMP_RET_TRAP, r[1].code);
}

/* A thread makes the system call; the main thread waits until it has ended. */
static void *call_in_thread(void *arg)
{
	test_syscall();
	return (void *)1;
}

static int in_thread(uint32_t value)
{
	pthread_t thread;
	void *result = NULL;

	/* ignoring the signal does not prevent the kill */
	signal(SIGSYS, SIG_IGN);
	if (attach_with_log(value))
		return CHILD_SETUP;
	if (pthread_create(&thread, NULL, call_in_thread, NULL))
		return CHILD_SETUP;
	/* wakes when the kernel clears the thread's id */
	pthread_join(thread, &result);
	return result ? CHILD_WRONG : CHILD_OK;
}

static int kill_thread_of_two(const void *arg)
{
	return in_thread(SECCOMP_RET_KILL_THREAD);
}

TEST_F(actions, kill_thread_leaves_the_others)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(kill_thread_of_two, NULL, &pid),
				CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_KILL_THREAD, SIGSYS);
}

static int kill_process_of_two(const void *arg)
{
	return in_thread(SECCOMP_RET_KILL_PROCESS);
}

TEST_F(actions, kill_process_kills_all_threads)
{
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(kill_process_of_two, NULL, &pid), SIGSYS));
	EXPECT_RECORD(pid, SECCOMP_RET_KILL_PROCESS, SIGSYS);
}

static int kill_last_thread(const void *arg)
{
	signal(SIGSYS, SIG_IGN);
	if (attach_with_log(SECCOMP_RET_KILL_THREAD))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(actions, kill_thread_of_the_last_thread)
{
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(kill_last_thread, NULL, &pid), SIGSYS));
	EXPECT_RECORD(pid, SECCOMP_RET_KILL_THREAD, SIGSYS);
}

static int unknown(const void *arg)
{
	signal(SIGSYS, SIG_IGN);
	if (attach_with_log(*(const uint32_t *)arg))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(actions, unknown_is_kill_process)
{
	const uint32_t values[] = {
		0x00010000, 0x00020000, 0x00040000, 0x10000000, 0x7ffd0000,
		0x7ffe0000, 0x80010000, 0xffff0000,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		pid_t pid;

		EXPECT_TRUE(killed_by(run_child(unknown, &values[i], &pid),
				      SIGSYS)) {
			TH_LOG("value %#x", values[i]);
		}
		EXPECT_RECORD(pid, SECCOMP_RET_KILL_PROCESS, SIGSYS);
	}
}

/* waitid(2) reports the signal. */
TEST_F(actions, kills_are_reported_by_waitid)
{
	static const uint32_t values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		siginfo_t info = {};
		pid_t pid = fork();

		if (!pid)
			_exit(expect_result(values[i] | 7, 0));
		ASSERT_EQ(0, waitid(P_PID, pid, &info, WEXITED));
		EXPECT_TRUE(info.si_code == CLD_KILLED ||
			    info.si_code == CLD_DUMPED);
		EXPECT_EQ(SIGSYS, info.si_status);
	}
}

/* An action that kills the whole process leaves a core dump. */
static int dump_core(const void *arg)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	if (chdir("/tmp") || setrlimit(RLIMIT_CORE, &all) ||
	    attach_with_log(*(const uint32_t *)arg))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(actions, kills_dump_core)
{
	const uint32_t values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		int status = run_child(dump_core, &values[i], NULL);

		EXPECT_TRUE(killed_by(status, SIGSYS));
		EXPECT_TRUE(WCOREDUMP(status)) {
			TH_LOG("value %#x", values[i]);
		}
	}
}

TEST_HARNESS_MAIN
