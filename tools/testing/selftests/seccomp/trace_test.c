// SPDX-License-Identifier: GPL-2.0
/*
 * SECCOMP_RET_TRACE: what a tracer can do to a system call.
 */
#include "common.h"

#include "audit.h"
#include "registers.h"
#include "../kselftest_harness.h"

#define MESSAGE		0x1234

/* The system call to which the tracer changes the test system call */
#define OTHER_NR		__NR_getuid

FIXTURE(trace) {
	struct audit audit;
	pid_t tracee;
};

FIXTURE_SETUP(trace)
{
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(trace)
{
	if (self->tracee)
		kill(self->tracee, SIGKILL);
	audit_close(&self->audit);
}

/* Start a child that stops, attaches, calls, and exits with the result. */
static pid_t start_tracee(uint32_t other_value)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		RETURN_IF_NR(TEST_NR, SECCOMP_RET_TRACE | MESSAGE),
		RETURN_IF_NR(OTHER_NR, other_value),
		RETURN(SECCOMP_RET_ALLOW),
	};
	pid_t pid = fork();

	if (pid)
		return pid;
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_LOG))
		_exit(CHILD_SETUP);
	_exit(test_syscall() & 0xff);
}

/* Continue to the seccomp event. Returns false if it does not come. */
static bool reach_event(struct __test_metadata *_metadata, pid_t pid)
{
	unsigned long message = 0;
	int status;

	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	EXPECT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0,
			    PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL));
	EXPECT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	if (!WIFSTOPPED(status) ||
	    status >> 8 != (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
		return false;
	EXPECT_EQ(0, ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	EXPECT_EQ(MESSAGE, message);
	return true;
}

static int finish(pid_t pid)
{
	int status;

	ptrace(PTRACE_CONT, pid, 0, 0);
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* The codes of all records of one pid */
#define EXPECT_CODES(pid, ...) do {					\
	const struct { uint32_t code; int nr; } _e[] = { __VA_ARGS__ };	\
	struct seccomp_record _r[4] = {};				\
									\
	EXPECT_EQ(ARRAY_SIZE(_e),					\
		  audit_collect_seccomp(&self->audit, pid, _r, 4));	\
	for (int _i = 0; _i < ARRAY_SIZE(_e); _i++) {			\
		EXPECT_EQ(_e[_i].code, _r[_i].code);			\
		EXPECT_EQ(_e[_i].nr, _r[_i].syscall);			\
	}								\
} while (0)

/* The filter is evaluated again after the event, so there are two records. */
TEST_F(trace, tracer_lets_it_pass)
{
	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	EXPECT_TRUE(exited_with(finish(self->tracee), getpid() & 0xff));
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR },
		     { SECCOMP_RET_TRACE, TEST_NR });
}

#ifdef REGS_RESULT
TEST_F(trace, tracer_skips_and_sets_result)
{
	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	set_syscall_nr(self->tracee, -1);
	set_syscall_result(self->tracee, 77);
	EXPECT_TRUE(exited_with(finish(self->tracee), 77));
	/* the record has the original number, not -1 */
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR });
}

TEST_F(trace, any_negative_number_skips)
{
	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	set_syscall_nr(self->tracee, -101);
	set_syscall_result(self->tracee, 78);
	EXPECT_TRUE(exited_with(finish(self->tracee), 78));
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR });
}
#else
TEST(tracer_skips_and_sets_result)
{
	SKIP(return, "a tracer cannot do that here");
}
#endif

TEST_F(trace, tracer_changes_to_an_allowed_call)
{
	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	set_syscall_nr(self->tracee, OTHER_NR);
	EXPECT_TRUE(exited_with(finish(self->tracee), getuid()));
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR });
}

/* A tracer cannot change a system call to one that the filter forbids. */
TEST_F(trace, changed_call_is_evaluated_again)
{
	self->tracee = start_tracee(SECCOMP_RET_ERRNO | 5);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	set_syscall_nr(self->tracee, OTHER_NR);
	EXPECT_TRUE(exited_with(finish(self->tracee), (-5) & 0xff));
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR },
		     { SECCOMP_RET_ERRNO, OTHER_NR });
}

TEST_F(trace, changed_call_can_kill)
{
	int status;

	self->tracee = start_tracee(SECCOMP_RET_KILL_PROCESS);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	set_syscall_nr(self->tracee, OTHER_NR);
	status = finish(self->tracee);
	EXPECT_TRUE(killed_by(status, SIGSYS)) {
		TH_LOG("status %#x", status);
	}
	EXPECT_CODES(self->tracee, { SECCOMP_RET_TRACE, TEST_NR },
		     { SECCOMP_RET_KILL_PROCESS, OTHER_NR });
}

TEST_F(trace, killed_in_the_event_does_not_make_the_call)
{
	int status;

	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_TRUE(reach_event(_metadata, self->tracee));
	ASSERT_EQ(0, kill(self->tracee, SIGKILL));
	ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
	EXPECT_TRUE(killed_by(status, SIGKILL));
	self->tracee = 0;
}

/* Without PTRACE_O_TRACESECCOMP there is no event. */
TEST_F(trace, tracer_without_the_option_is_enosys)
{
	int status;

	self->tracee = start_tracee(SECCOMP_RET_ALLOW);
	ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
	status = finish(self->tracee);
	EXPECT_TRUE(exited_with(status, (-ENOSYS) & 0xff)) {
		TH_LOG("status %#x", status);
	}
}

/* A kill is final: there is no stop in which the tracer can drop its signal. */
static pid_t start_killed(uint32_t value)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (attach_for(TEST_NR, value, 0))
		_exit(CHILD_SETUP);
	test_syscall();
	_exit(CHILD_OK);
}

TEST_F(trace, tracer_cannot_undo_a_kill)
{
	const uint32_t values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		int status;

		self->tracee = start_killed(values[i]);
		ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
		do {
			/* drop any signal that the tracee stops for */
			ptrace(PTRACE_CONT, self->tracee, 0, 0);
			ASSERT_EQ(self->tracee,
				  waitpid(self->tracee, &status, 0));
		} while (WIFSTOPPED(status));
		EXPECT_TRUE(killed_by(status, SIGSYS)) {
			TH_LOG("status %#x", status);
		}
	}
	self->tracee = 0;
}

/* There is one exit event, and its status is that of the kill. */
TEST_F(trace, exit_event_of_a_kill)
{
	static const uint32_t values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		unsigned long reason = 0;
		int exits = 0;
		int status;

		self->tracee = start_killed(values[i]);
		ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
		ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, self->tracee, 0,
				    PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL));
		while (WIFSTOPPED(status)) {
			if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
				ptrace(PTRACE_GETEVENTMSG, self->tracee, 0,
				       &reason);
				exits++;
			}
			status = finish(self->tracee);
		}
		EXPECT_TRUE(killed_by(status, SIGSYS));
		EXPECT_EQ(1, exits);
		EXPECT_TRUE(killed_by(reason, SIGSYS)) {
			TH_LOG("reason %#lx", reason);
		}
	}
	self->tracee = 0;
}

/* A tracee's child has the filter, but not the tracer. */
static pid_t start_with_child(void)
{
	int status;
	pid_t pid = fork();

	if (pid)
		return pid;
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (attach_for(TEST_NR, SECCOMP_RET_TRACE, SECCOMP_FILTER_FLAG_LOG))
		_exit(CHILD_SETUP);
	pid = fork();
	if (!pid)
		_exit(-test_syscall());
	_exit(waitpid(pid, &status, 0) == pid && WIFEXITED(status) ?
	      WEXITSTATUS(status) : CHILD_WRONG);
}

TEST_F(trace, child_without_the_tracer_is_enosys)
{
	struct audit_text r;
	int status, events = 0;

	self->tracee = start_with_child();
	ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, self->tracee, 0,
			    PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL));
	while (WIFSTOPPED(status)) {
		events += status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
		status = finish(self->tracee);
	}
	EXPECT_TRUE(exited_with(status, ENOSYS)) {
		TH_LOG("status %#x", status);
	}
	EXPECT_EQ(0, events);
	EXPECT_EQ(1, audit_collect(&self->audit, AUDIT_SECCOMP, &r, 1));
	EXPECT_NE(NULL, strstr(r.text, " code=0x7ff00000 "));
	self->tracee = 0;
}

TEST_HARNESS_MAIN
