// SPDX-License-Identifier: GPL-2.0
/*
 * Strict mode: read, write, _exit and sigreturn; others kill by SIGKILL.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(strict)

static int pipe_fds[2];

/* _exit(3) is exit_group(2), which is not allowed. */
static void exit_thread(int code)
{
	syscall(__NR_exit, code);
}

static int permitted(const void *arg)
{
	char byte = 'x';

	if (pipe(pipe_fds))
		return CHILD_SETUP;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return CHILD_SETUP;
	if (write(pipe_fds[1], &byte, 1) != 1 || read(pipe_fds[0], &byte, 1) != 1)
		exit_thread(CHILD_WRONG);
	exit_thread(42);
	return CHILD_WRONG;
}

TEST_F(strict, permitted_calls)
{
	struct seccomp_record r;
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(permitted, NULL, &pid), 42));
	EXPECT_EQ(0, audit_collect_seccomp(&self->audit, pid, &r, 1));
}

static int forbidden(const void *arg)
{
	if (seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL))
		return CHILD_SETUP;
	test_syscall();
	exit_thread(CHILD_WRONG);
	return CHILD_WRONG;
}

/* The record has the action kill_thread and signal 9. */
TEST_F(strict, anything_else_kills)
{
	struct seccomp_record r;
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(forbidden, NULL, &pid), SIGKILL));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(SECCOMP_RET_KILL_THREAD, r.code);
	EXPECT_EQ(SIGKILL, r.sig);
	EXPECT_EQ(TEST_NR, r.syscall);
	EXPECT_EQ(TEST_ARCH, r.arch);
	EXPECT_EQ(0, r.compat);
	EXPECT_EQ(TEST_IP, r.ip);
	/* no filter decided */
	EXPECT_EQ(0, r.filter);
	EXPECT_EQ(0, r.retdata);
}

TEST_F(strict, kill_is_not_logged_if_kill_thread_is_not_listed)
{
	struct seccomp_record r;
	pid_t pid;

	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "kill_process log"));
	EXPECT_TRUE(killed_by(run_child(forbidden, NULL, &pid), SIGKILL));
	EXPECT_EQ(0, audit_collect_seccomp(&self->audit, pid, &r, 1));
}

static int get_mode(const void *arg)
{
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return CHILD_SETUP;
	prctl(PR_GET_SECCOMP, 0, 0, 0, 0);
	exit_thread(CHILD_WRONG);
	return CHILD_WRONG;
}

TEST_F(strict, get_seccomp_kills)
{
	EXPECT_TRUE(killed_by(run_child(get_mode, NULL, NULL), SIGKILL));
}

static void on_usr1(int sig)
{
}

TEST_F(strict, handler_returns_by_sigreturn)
{
	int to_child[2], from_child[2];
	char byte;
	int status;
	pid_t pid;

	ASSERT_EQ(0, pipe(to_child));
	ASSERT_EQ(0, pipe(from_child));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		signal(SIGUSR1, on_usr1);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
			exit_thread(CHILD_SETUP);
		if (write(from_child[1], "r", 1) != 1)
			exit_thread(CHILD_WRONG);
		/* the handler runs during read, which is then restarted */
		if (read(to_child[0], &byte, 1) != 1)
			exit_thread(CHILD_WRONG);
		exit_thread(5);
	}
	ASSERT_EQ(1, read(from_child[0], &byte, 1));
	ASSERT_EQ(0, kill(pid, SIGUSR1));
	ASSERT_EQ(1, write(to_child[1], "g", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(exited_with(status, 5)) {
		TH_LOG("status %#x", status);
	}
}

#ifdef __x86_64__
/* i386 has its own list: its number 4 is write, not stat. */
static int permitted_compat(const void *arg)
{
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return CHILD_SETUP;
	exit_thread(int80(4, -1) == -EBADF ? 9 : CHILD_WRONG);
	return CHILD_WRONG;
}

static int forbidden_compat(const void *arg)
{
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return CHILD_SETUP;
	/* 0 is read of the native ABI, restart_syscall of i386 */
	int80(0, -1);
	exit_thread(CHILD_WRONG);
	return CHILD_WRONG;
}

TEST_F(strict, compat_has_its_own_list)
{
	struct seccomp_record r;
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(permitted_compat, NULL, NULL), 9));
	EXPECT_TRUE(killed_by(run_child(forbidden_compat, NULL, &pid), SIGKILL));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(AUDIT_ARCH_I386, r.arch);
	EXPECT_EQ(1, r.compat);
	EXPECT_EQ(0, r.syscall);
}
#else
TEST_OF_X86_64(compat_has_its_own_list)
#endif

TEST_HARNESS_MAIN
