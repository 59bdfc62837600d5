// SPDX-License-Identifier: GPL-2.0
/*
 * The vsyscall page of x86-64: its emulated system calls are filtered like
 * others, with their address in the page. A tracer cannot change them.
 */
#include "common.h"

#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <time.h>

#include "audit.h"
#include "../kselftest_harness.h"

#ifdef __x86_64__

#define VSYSCALL_TIME	0xffffffffff600400UL

typedef time_t (*time_fn)(time_t *);

static time_t call_vsyscall(void)
{
	return ((time_fn)VSYSCALL_TIME)(NULL);
}

static bool near_now(time_t t)
{
	return llabs(time(NULL) - t) < 60;
}

FIXTURE(vsyscall) {
	struct audit audit;
};

FIXTURE_SETUP(vsyscall)
{
	char maps[16384] = "";
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t len, used = 0;

	while ((len = read(fd, maps + used, sizeof(maps) - 1 - used)) > 0)
		used += len;
	close(fd);
	if (!strstr(maps, "[vsyscall]"))
		SKIP(return, "this kernel has no vsyscall page");
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(vsyscall)
{
	audit_close(&self->audit);
}

static int attach_time(uint32_t value)
{
	return attach_for(__NR_time, value, SECCOMP_FILTER_FLAG_LOG);
}

/* The record has the number of time(2) and the address in the page. */
#define EXPECT_RECORD(pid, action, signal) do {				\
	struct seccomp_record _r;					\
									\
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &_r, 1));	\
	EXPECT_EQ(action, _r.code);					\
	EXPECT_EQ(signal, _r.sig);					\
	EXPECT_EQ(__NR_time, _r.syscall);				\
	EXPECT_EQ(VSYSCALL_TIME, _r.ip);				\
} while (0)

static int logged(const void *arg)
{
	if (attach_time(SECCOMP_RET_LOG))
		return CHILD_SETUP;
	return near_now(call_vsyscall()) ? CHILD_OK : CHILD_WRONG;
}

TEST_F(vsyscall, log)
{
	pid_t pid;

	/* near_now() makes no system call: it uses the vDSO */
	EXPECT_TRUE(exited_with(run_child(logged, NULL, &pid), CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_LOG, 0);
}

static int denied(const void *arg)
{
	if (attach_time(SECCOMP_RET_ERRNO | 55))
		return CHILD_SETUP;
	return call_vsyscall() == -55 ? CHILD_OK : CHILD_WRONG;
}

TEST_F(vsyscall, denied)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(denied, NULL, &pid), CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_ERRNO, 0);
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	_exit(info->si_syscall == __NR_time &&
	      info->si_call_addr == (void *)VSYSCALL_TIME ? CHILD_OK :
							    CHILD_WRONG);
}

static int trapped(const void *arg)
{
	struct sigaction action = {
		.sa_sigaction = on_sigsys,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGSYS, &action, NULL);
	if (attach_time(SECCOMP_RET_TRAP))
		return CHILD_SETUP;
	call_vsyscall();
	return CHILD_WRONG;
}

TEST_F(vsyscall, trap)
{
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(trapped, NULL, &pid), CHILD_OK));
	EXPECT_RECORD(pid, SECCOMP_RET_TRAP, 0);
}

static int killed(const void *arg)
{
	if (attach_time(SECCOMP_RET_KILL_PROCESS))
		return CHILD_SETUP;
	call_vsyscall();
	return CHILD_WRONG;
}

TEST_F(vsyscall, kill)
{
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(killed, NULL, &pid), SIGSYS));
	EXPECT_RECORD(pid, SECCOMP_RET_KILL_PROCESS, SIGSYS);
}

/* A tracer can skip the call, but not change its number. */
static pid_t start_traced(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		if (attach_time(SECCOMP_RET_TRACE))
			_exit(CHILD_SETUP);
		_exit(call_vsyscall() & 0xff);
	}
	if (waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL) ||
	    ptrace(PTRACE_CONT, pid, 0, 0) ||
	    waitpid(pid, &status, 0) != pid ||
	    status >> 8 != (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
		return -1;
	return pid;
}

static int change_and_finish(pid_t pid, long nr, long result)
{
	struct user_regs_struct regs;
	int status;

	ptrace(PTRACE_GETREGS, pid, 0, &regs);
	regs.orig_rax = nr;
	regs.rax = result;
	ptrace(PTRACE_SETREGS, pid, 0, &regs);
	ptrace(PTRACE_CONT, pid, 0, 0);
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

TEST_F(vsyscall, tracer_skips)
{
	pid_t pid = start_traced();

	ASSERT_LT(0, pid);
	EXPECT_TRUE(exited_with(change_and_finish(pid, -1, 66), 66));
	EXPECT_RECORD(pid, SECCOMP_RET_TRACE, 0);
}

TEST_F(vsyscall, tracer_cannot_change_the_call)
{
	pid_t pid = start_traced();

	ASSERT_LT(0, pid);
	EXPECT_TRUE(killed_by(change_and_finish(pid, __NR_getpid, -ENOSYS),
			      SIGSYS));
}

#else
TEST_OF_X86_64(vsyscalls)
#endif

TEST_HARNESS_MAIN
