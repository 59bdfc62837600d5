// SPDX-License-Identifier: GPL-2.0
/*
 * Which system calls are logged: each action, listed in actions_logged or not,
 * of filters with SECCOMP_FILTER_FLAG_LOG or without, of tasks that are audited
 * or not; and the fields of the record.
 */
#include "common.h"

#include <limits.h>
#include <sys/stat.h>

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

#define DATA	13

FIXTURE_WITH_AUDIT(log)

struct attempt {
	uint32_t value;
	unsigned int flags;
};

/* The effect depends on the action; these tests only check the log. */
static int attempt(const void *arg)
{
	const struct attempt *a = arg;

	if (attach_for(TEST_NR, a->value, a->flags))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

static const struct {
	const char *name;
	uint32_t action;
	bool if_listed;		/* logged if listed */
	bool if_flag;		/* logged if listed, and with the flag */
	bool if_audited;	/* logged if the task is audited */
	int sig;
} actions[] = {
	{ "kill_process", SECCOMP_RET_KILL_PROCESS, true, true, true, SIGSYS },
	{ "kill_thread", SECCOMP_RET_KILL_THREAD, true, true, true, SIGSYS },
	{ "trap", SECCOMP_RET_TRAP, false, true, true, 0 },
	{ "errno", SECCOMP_RET_ERRNO, false, true, true, 0 },
	{ "user_notif", SECCOMP_RET_USER_NOTIF, false, true, true, 0 },
	{ "trace", SECCOMP_RET_TRACE, false, true, true, 0 },
	{ "log", SECCOMP_RET_LOG, true, true, true, 0 },
	{ "allow", SECCOMP_RET_ALLOW, false, false, false, 0 },
};

/* Write the names of all default actions but one. */
static void names_without(const char *name, char *buf, size_t size)
{
	buf[0] = '\0';
	for (int i = 0; i < ARRAY_SIZE(actions); i++) {
		size_t used = strlen(buf);

		if (!strcmp(actions[i].name, name) ||
		    actions[i].action == SECCOMP_RET_ALLOW)
			continue;
		snprintf(buf + used, size - used, "%s%s", used ? " " : "",
			 actions[i].name);
	}
}

enum audited {
	NO_RULES,		/* auditing is enabled, without rules */
	RULES,			/* there is a rule on another system call */
	RULES_NO_ACTIONS,	/* the same; actions_logged_audited is empty */
	RULES_BUT_OFF,		/* the same; auditing is disabled */
	EXEMPT,			/* the same; new tasks are exempt */
};

/* All actions, listed or not, with the flag or without, for one way to audit */
static void matrix(struct __test_metadata *_metadata, struct audit *audit,
		   enum audited audited)
{
	for (int i = 0; i < ARRAY_SIZE(actions); i++) {
		for (int n = 0; n < 4; n++) {
			bool listed = n & 1;
			bool has_flag = n & 2;
			struct attempt a = {
				.value = actions[i].action | DATA,
				.flags = has_flag ? SECCOMP_FILTER_FLAG_LOG : 0,
			};
			struct seccomp_record records[8];
			char names[256];
			int expected = 0;
			pid_t pid;
			int status;

			if (listed) {
				strcpy(names, ACTIONS_DEFAULT);
				expected = actions[i].if_listed ||
					   (actions[i].if_flag && has_flag);
			} else {
				names_without(actions[i].name, names,
					      sizeof(names));
			}
			if (audited == RULES)
				expected |= actions[i].if_audited;

			ASSERT_EQ(0, write_file(LOGGED_AUDITED,
						audited == RULES_NO_ACTIONS ?
						"\n" :
						ACTIONS_DEFAULT));
			ASSERT_EQ(0, write_file(ACTIONS_LOGGED, names));
			status = run_child(attempt, &a, &pid);
			ASSERT_FALSE(exited_with(status, CHILD_SETUP));
			EXPECT_EQ(expected,
				  audit_collect_seccomp(audit, pid, records, 8)) {
				TH_LOG("%s listed %d flag %d audited %d",
				       actions[i].name, listed, has_flag,
				       audited);
			}
			if (expected == 1) {
				EXPECT_EQ(actions[i].action, records[0].code);
				EXPECT_EQ(actions[i].sig, records[0].sig);
				EXPECT_EQ(TEST_NR, records[0].syscall);
				EXPECT_EQ(DATA, records[0].retdata);
				EXPECT_NE(0, records[0].filter);
			}
		}
	}
}

TEST_F(log, decision_without_rules)
{
	matrix(_metadata, &self->audit, NO_RULES);
}

TEST_F(log, decision_with_a_rule)
{
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	matrix(_metadata, &self->audit, RULES);
}

TEST_F(log, decision_with_a_rule_but_no_audited_actions)
{
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	matrix(_metadata, &self->audit, RULES_NO_ACTIONS);
}

/*
 * An audit rule on another system call makes all tasks audited.
 * actions_logged_audited selects the actions that are logged then.
 */
static int fail_100_times(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO | 1, 0))
		return CHILD_SETUP;
	for (int i = 0; i < 100; i++)
		test_syscall();
	return CHILD_OK;
}

TEST_F(log, sysctl_selects_actions_of_audited_tasks)
{
	static const struct {
		const char *actions;
		int expected;
	} settings[] = {
		{ ACTIONS_DEFAULT, 100 }, { "log trap", 0 }, { "errno", 100 },
		{ "\n", 0 },
	};

	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "kill_process"));
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	for (int i = 0; i < ARRAY_SIZE(settings); i++) {
		pid_t pid;

		ASSERT_EQ(0, write_file(LOGGED_AUDITED, settings[i].actions));
		ASSERT_TRUE(exited_with(run_child(fail_100_times, NULL, &pid),
					CHILD_OK));
		EXPECT_EQ(settings[i].expected,
			  audit_collect_seccomp(&self->audit, pid, NULL, 0)) {
			TH_LOG("%s", settings[i].actions);
		}
	}
	ASSERT_EQ(0, audit_delete_syscall_rule(&self->audit, __NR_swapoff));
}

TEST_F(log, decision_with_a_rule_but_audit_off)
{
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	ASSERT_EQ(0, audit_enable(&self->audit, false));
	matrix(_metadata, &self->audit, RULES_BUT_OFF);
}

TEST_F(log, decision_with_a_rule_but_exempt)
{
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	ASSERT_EQ(0, audit_exempt_tasks(&self->audit));
	matrix(_metadata, &self->audit, EXEMPT);
}

/* All fields have the values of the caller. */
static int named_attempt(const void *arg)
{
	prctl(PR_SET_NAME, "two words");
	if (setgid(1002) || setuid(1001))
		return CHILD_SETUP;
	return attempt(arg);
}

TEST_F(log, record_fields)
{
	struct attempt a = { .value = SECCOMP_RET_LOG | DATA };
	struct seccomp_record r;
	char exe[256] = "\"";
	ssize_t len;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(named_attempt, &a, &pid), CHILD_OK));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));

	EXPECT_EQ(-1U, r.auid);
	EXPECT_EQ(1001, r.uid);
	EXPECT_EQ(1002, r.gid);
	EXPECT_EQ(-1U, r.ses);
	/* encoded, since it has a space */
	EXPECT_STREQ("74776F20776F726473", r.comm);
	len = readlink("/proc/self/exe", exe + 1, sizeof(exe) - 3);
	ASSERT_LT(0, len);
	strcpy(exe + 1 + len, "\"");
	EXPECT_STREQ(exe, r.exe);
	EXPECT_EQ(0, r.sig);
	EXPECT_EQ(TEST_ARCH, r.arch);
	EXPECT_EQ(TEST_NR, r.syscall);
	EXPECT_EQ(0, r.compat);
	EXPECT_EQ(TEST_IP, r.ip);
	/* the action without the data */
	EXPECT_EQ(SECCOMP_RET_LOG, r.code);
	EXPECT_NE(0, r.filter);
	EXPECT_EQ(DATA, r.retdata);
	EXPECT_EQ(1, r.seq);
}

/* The data is what the filter returned, also if the action uses less of it. */
TEST_F(log, data_as_the_filter_returned_it)
{
	static const uint16_t data[] = { 0, 1, 4095, 4096, 0xffff };

	for (int i = 0; i < ARRAY_SIZE(actions); i++) {
		for (int n = 0; n < ARRAY_SIZE(data); n++) {
			struct attempt a = {
				.value = actions[i].action | data[n],
				.flags = SECCOMP_FILTER_FLAG_LOG,
			};
			struct seccomp_record r = {};
			pid_t pid;

			if (actions[i].action == SECCOMP_RET_ALLOW)
				continue;
			run_child(attempt, &a, &pid);
			ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid,
							   &r, 1));
			EXPECT_EQ(data[n], r.retdata) {
				TH_LOG("%s", actions[i].name);
			}
			EXPECT_EQ(actions[i].action, r.code);
		}
	}
}

TEST_F(log, data_of_an_unknown_action)
{
	struct attempt a = { .value = 0x00010000 | DATA };
	struct seccomp_record r;
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(attempt, &a, &pid), SIGSYS));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(SECCOMP_RET_KILL_PROCESS, r.code);
	EXPECT_EQ(DATA, r.retdata);
}

/* All bits of all six arguments */
static const long arguments[6] = {
	(long)(0x1122334455667788 & ULONG_MAX), -1, LONG_MIN, (long)(0xffffffff00000000 & ULONG_MAX),
	(long)actions, 0,
};

#define ARGUMENTS	arguments[0], arguments[1], arguments[2], \
			arguments[3], arguments[4], arguments[5]

static int swapoff_with_arguments(const void *arg)
{
	if (attach_for(__NR_swapoff, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	/* fails: its first argument is no address */
	return raw_syscall(__NR_swapoff, ARGUMENTS) < 0 ? CHILD_OK :
							  CHILD_WRONG;
}

TEST_F(log, arguments)
{
	struct seccomp_record r;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	for (int i = 0; i < 6; i++)
		EXPECT_EQ((unsigned long)arguments[i], r.args[i]);
}

/* Audit's SYSCALL record has the first four arguments in the same form. */
TEST_F(log, arguments_are_as_in_syscall_records)
{
	struct audit_text r;
	char expected[128];

	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	/* the system call that added the rule has a record, too */
	ASSERT_LE(0, audit_collect(&self->audit, 0, NULL, 0));
	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, NULL),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect(&self->audit, AUDIT_SYSCALL, &r, 1));
	snprintf(expected, sizeof(expected), " a0=%lx a1=%lx a2=%lx a3=%lx ",
		 arguments[0], arguments[1], arguments[2], arguments[3]);
	EXPECT_NE(NULL, strstr(r.text, expected)) {
		TH_LOG("%s", r.text);
	}

	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, NULL),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect(&self->audit, AUDIT_SECCOMP, &r, 1));
	EXPECT_NE(NULL, strstr(r.text, expected)) {
		TH_LOG("%s", r.text);
	}
}

#ifdef __x86_64__
/* i386 has 32 bits of each argument. */
#define I386_GETPPID	64

static const uint32_t compat_arguments[6] = {
	0x11223344, -1U, 0x80000000, 0, 0xffff, 0xabcdef01,
};

static int compat_with_arguments(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, 1),
		RETURN(SECCOMP_RET_LOG),
		RETURN(SECCOMP_RET_ALLOW),
	};

	if (attach(insns, ARRAY_SIZE(insns), 0))
		return CHILD_SETUP;
	return raw_int80(I386_GETPPID, compat_arguments[0], compat_arguments[1],
			 compat_arguments[2], compat_arguments[3],
			 compat_arguments[4], compat_arguments[5]) == getppid() ?
	       CHILD_OK : CHILD_WRONG;
}

TEST_F(log, arguments_of_i386)
{
	struct seccomp_record r;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(compat_with_arguments, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(AUDIT_ARCH_I386, r.arch);
	for (int i = 0; i < 6; i++)
		EXPECT_EQ(compat_arguments[i], r.args[i]);
}
#else
TEST_OF_X86_64(arguments_of_i386)
#endif

/* Ids are unique, and do not show how many filters have been attached. */
TEST_F(log, filter_ids)
{
	struct attempt a = { .value = SECCOMP_RET_LOG };
	unsigned long long ids[24];
	bool steady = true;

	for (int i = 0; i < ARRAY_SIZE(ids); i++) {
		struct seccomp_record r;
		pid_t pid;

		ASSERT_TRUE(exited_with(run_child(attempt, &a, &pid), CHILD_OK));
		ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
		ids[i] = r.filter;
		/* fails by chance for one boot in four billion */
		EXPECT_LT(UINT32_MAX, r.filter);
		for (int n = 0; n < i; n++)
			EXPECT_NE(ids[n], ids[i]);
		if (i > 1 && ids[i] - ids[i - 1] != ids[1] - ids[0])
			steady = false;
	}
	EXPECT_FALSE(steady);
}

/* Each system call has its own record. */
static int three_attempts(const void *arg)
{
	int ret = attempt(arg);

	test_syscall();
	test_syscall();
	return ret;
}

TEST_F(log, one_record_a_call)
{
	struct attempt a = { .value = SECCOMP_RET_LOG };
	struct seccomp_record records[4];
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(three_attempts, &a, &pid), CHILD_OK));
	ASSERT_EQ(3, audit_collect_seccomp(&self->audit, pid, records, 4));
	/* their sequence numbers are in order */
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(i + 1, records[i].seq);
}

/*
 * Read all records. Returns audit's newest serial number or 0. *@without_record:
 * how many after @first no record has; *@seccomp: how many records are of the
 * type SECCOMP. There may be records of others, such as summaries that are
 * written again for a new daemon.
 */
static unsigned int read_serials(struct audit *audit, unsigned int first,
				 unsigned int *without_record,
				 unsigned int *seccomp)
{
	static bool seen[1 << 16];
	struct audit_text r;
	char marker[64];

	memset(seen, 0, sizeof(seen));
	*seccomp = 0;
	if (audit_send_marker(audit, marker, sizeof(marker)))
		return 0;
	do {
		if (audit_next_record(audit, &r, AUDIT_TIMEOUT_MS))
			return 0;
		*seccomp += r.type == AUDIT_SECCOMP;
		if (r.serial - first < ARRAY_SIZE(seen))
			seen[r.serial - first] = true;
	} while (!audit_is_marker(&r, marker));

	*without_record = 0;
	for (unsigned int i = 1; i < r.serial - first; i++)
		*without_record += i >= ARRAY_SIZE(seen) || !seen[i];
	return r.serial;
}

static int log_and_serve(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	return caller_loop(arg);
}

/*
 * Records that a rule excludes take neither a serial number of audit nor a
 * sequence number of the filter.
 */
TEST_F(log, excluded_records_take_no_numbers)
{
	unsigned int serial, without_record, seccomp;
	struct seccomp_record r;
	struct caller caller;

	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(log_and_serve(&caller));
	ASSERT_EQ(0, audit_exclude_type(&self->audit, AUDIT_SECCOMP));
	serial = read_serials(&self->audit, 0, &without_record, &seccomp);
	ASSERT_NE(0, serial);
	for (int i = 0; i < 1000; i++)
		ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	ASSERT_NE(0, read_serials(&self->audit, serial, &without_record,
				  &seccomp));
	EXPECT_EQ(0, seccomp);
	/* a record of another task may be on its way */
	EXPECT_GT(100, without_record);

	ASSERT_EQ(0, audit_unexclude_type(&self->audit, AUDIT_SECCOMP));
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, caller.pid, &r, 1));
	EXPECT_EQ(1, r.seq);
	kill(caller.pid, SIGKILL);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
}

/* A system call that is restarted after a signal is checked again. */
static int read_pipe[2];

static void on_signal(int sig)
{
}

static int read_restarted(void)
{
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_RESTART,
	};
	char byte;

	sigaction(SIGUSR1, &action, NULL);
	if (attach_for(__NR_read, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	return syscall(__NR_read, read_pipe[0], &byte, 1) == 1 ? CHILD_OK :
								CHILD_WRONG;
}

TEST_F(log, restarted_call_has_another_record)
{
	struct seccomp_record r[2];
	int status;
	pid_t pid;

	ASSERT_EQ(0, pipe(read_pipe));
	pid = fork();
	if (!pid)
		_exit(read_restarted());
	for (int i = 0; i < 2; i++) {
		int n;

		while (!(n = audit_collect_seccomp(&self->audit, pid, &r[i], 1)))
			sched_yield();
		ASSERT_EQ(1, n);
		wait_for_syscall(pid, __NR_read);
		if (i)
			break;
		ASSERT_EQ(0, kill(pid, SIGUSR1));
	}
	ASSERT_EQ(1, write(read_pipe[1], "x", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(exited_with(status, CHILD_OK));
	/* the same except for their sequence numbers */
	EXPECT_NE(r[0].seq, r[1].seq);
	r[1].seq = r[0].seq;
	EXPECT_EQ(0, memcmp(&r[0], &r[1], sizeof(r[0])));
	EXPECT_EQ(__NR_read, r[0].syscall);
}

/* The flag of the deciding filter counts, not those of others. */
struct two_filters {
	struct attempt older, newer;
};

static int attempt_with_two(const void *arg)
{
	const struct two_filters *two = arg;

	if (attach_for(TEST_NR, two->older.value, two->older.flags))
		return CHILD_SETUP;
	return attempt(&two->newer);
}

TEST_F(log, flag_of_the_deciding_filter_counts)
{
	const unsigned int log = SECCOMP_FILTER_FLAG_LOG;
	const struct {
		struct two_filters two;
		int expected;
	} cases[] = {
		/* errno decides, the flag is that of allow */
		{ { { SECCOMP_RET_ERRNO, 0 }, { SECCOMP_RET_ALLOW, log } }, 0 },
		{ { { SECCOMP_RET_ALLOW, log }, { SECCOMP_RET_ERRNO, 0 } }, 0 },
		{ { { SECCOMP_RET_ERRNO, log }, { SECCOMP_RET_ALLOW, 0 } }, 1 },
		/* of the same action the newer filter decides */
		{ { { SECCOMP_RET_ERRNO, log }, { SECCOMP_RET_ERRNO, 0 } }, 0 },
		{ { { SECCOMP_RET_ERRNO, 0 }, { SECCOMP_RET_ERRNO, log } }, 1 },
	};

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct seccomp_record r;
		pid_t pid;

		ASSERT_TRUE(exited_with(run_child(attempt_with_two,
						  &cases[i].two, &pid),
					CHILD_OK));
		EXPECT_EQ(cases[i].expected,
			  audit_collect_seccomp(&self->audit, pid, &r, 1)) {
			TH_LOG("case %d", i);
		}
	}
}

/*
 * A record does not make the task audited, also if seccomp has refused the
 * system call. So the next call is not logged for that reason.
 */
static int log_one_of_two(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO, SECCOMP_FILTER_FLAG_LOG) ||
	    attach_for(__NR_getuid, SECCOMP_RET_ERRNO, 0))
		return CHILD_SETUP;
	test_syscall();
	syscall(__NR_getuid);
	syscall(__NR_getuid);
	return CHILD_OK;
}

TEST_F(log, record_does_not_make_a_task_audited)
{
	struct seccomp_record r[3];
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(log_one_of_two, NULL, &pid),
				CHILD_OK));
	EXPECT_EQ(1, audit_collect_seccomp(&self->audit, pid, r, 3));
	EXPECT_EQ(TEST_NR, r[0].syscall);
}

/* A new rule takes effect at the next system call, also of a blocked task. */
static int rule_pipe[2];

static int call_after_read(const void *arg)
{
	char byte;

	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO, 0))
		return CHILD_SETUP;
	if (read(rule_pipe[0], &byte, 1) != 1)
		return CHILD_WRONG;
	test_syscall();
	return CHILD_OK;
}

TEST_F(log, rule_takes_effect_at_once)
{
	struct seccomp_record r[3];
	int status;
	pid_t pid;

	ASSERT_EQ(0, pipe(rule_pipe));
	pid = fork();
	if (!pid)
		_exit(call_after_read(NULL));
	/* it is blocked in a system call that began without rules */
	wait_for_syscall(pid, __NR_read);
	ASSERT_EQ(0, audit_add_syscall_rule(&self->audit, __NR_swapoff));
	ASSERT_EQ(1, write(rule_pipe[1], "x", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(exited_with(status, CHILD_OK));
	EXPECT_EQ(1, audit_collect_seccomp(&self->audit, pid, r, 3));
}

/* Wait for the record of a process in the kernel log. */
static bool await_kernel_log(int fd, pid_t pid, char *line, size_t size)
{
	char expected[64];

	snprintf(expected, sizeof(expected), " pid=%d ", pid);
	do {
		if (kernel_log_line(fd, line, size, 20000))
			return false;
	} while (!strstr(line, "type=1326 audit(") || !strstr(line, expected));
	return true;
}

TEST_F(log, without_daemon_reaches_the_kernel_log)
{
	struct attempt a = { .value = SECCOMP_RET_LOG };
	int kernel_log = kernel_log_open();
	char line[2048];
	pid_t pid;

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	ASSERT_EQ(0, audit_unregister(&self->audit));
	ASSERT_TRUE(exited_with(run_child(attempt, &a, &pid), CHILD_OK));
	ASSERT_TRUE(await_kernel_log(kernel_log, pid, line, sizeof(line)));
	EXPECT_NE(NULL, strstr(line, " code=0x7ffc0000 "));
	close(kernel_log);
}

/* If all users can read the kernel log, records there have no arguments. */
TEST_F(log, arguments_are_hidden_if_all_can_read)
{
	static const char hidden[] = " a0=? a1=? a2=? a3=? a4=? a5=? filter=";
	int kernel_log = kernel_log_open();
	struct seccomp_record r;
	char expected[128];
	char line[2048];
	pid_t pid;

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	ASSERT_EQ(0, write_file(DMESG_RESTRICT, "0"));
	/* the daemon gets them */
	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ((unsigned long)arguments[0], r.args[0]);

	ASSERT_EQ(0, audit_unregister(&self->audit));
	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, &pid),
				CHILD_OK));
	ASSERT_TRUE(await_kernel_log(kernel_log, pid, line, sizeof(line)));
	EXPECT_NE(NULL, strstr(line, hidden)) {
		TH_LOG("%s", line);
	}

	ASSERT_EQ(0, write_file(DMESG_RESTRICT, "1"));
	ASSERT_TRUE(exited_with(run_child(swapoff_with_arguments, NULL, &pid),
				CHILD_OK));
	ASSERT_TRUE(await_kernel_log(kernel_log, pid, line, sizeof(line)));
	EXPECT_EQ(NULL, strstr(line, "=?"));
	snprintf(expected, sizeof(expected), " a0=%lx a1=%lx ", arguments[0],
		 arguments[1]);
	EXPECT_NE(NULL, strstr(line, expected));
	close(kernel_log);
}

/* The longest path: it is cut, so that the record has all fields. */
#define LONG_NAMES	4
#define LONG_NAME	239

__attribute__((constructor)) static void other_program(int argc, char **argv)
{
	struct attempt a = { .value = SECCOMP_RET_LOG | DATA };

	if (argc == 2 && !strcmp(argv[1], "--log"))
		_exit(attempt(&a));
}

/* Write a long path below /tmp to @path and create its directories. */
static bool make_long_path(char *path, char fill)
{
	char *end = path + sprintf(path, "/tmp");

	for (int i = 0; i < LONG_NAMES; i++) {
		if (i && mkdir(path, 0755) && errno != EEXIST)
			return false;
		*end++ = '/';
		memset(end, fill, LONG_NAME);
		end += LONG_NAME;
		*end = '\0';
	}
	return true;
}

static int exec_by_long_path(const void *arg)
{
	execl(arg, "log_test", "--log", NULL);
	return CHILD_SETUP;
}

static bool copy_self(const char *path)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ssize_t len = 1;
	char buf[65536];

	while (len > 0) {
		len = read(from, buf, sizeof(buf));
		if (len < 0 || write(to, buf, len) != len)
			return false;
	}
	close(from);
	return !close(to);
}

TEST_F(log, long_path_is_cut)
{
	/* a plain one, and one that is encoded in hexadecimal digits */
	static const struct {
		char fill;
		const char *cut;
	} paths[] = { { 'x', " exe=\"...xxx" }, { ' ', " exe=2E2E2E20" } };
	int kernel_log = kernel_log_open();

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	ASSERT_EQ(0, audit_unregister(&self->audit));
	for (int i = 0; i < ARRAY_SIZE(paths); i++) {
		char path[2048], line[2048], *slash;
		pid_t pid;

		ASSERT_TRUE(make_long_path(path, paths[i].fill));
		ASSERT_TRUE(copy_self(path));
		ASSERT_TRUE(exited_with(run_child(exec_by_long_path, path, &pid),
					CHILD_OK));
		ASSERT_TRUE(await_kernel_log(kernel_log, pid, line, sizeof(line)));
		EXPECT_NE(NULL, strstr(line, paths[i].cut));
		EXPECT_NE(NULL, strstr(line, " retdata=0xd seq=1\n")) {
			TH_LOG("%s", line);
		}
		unlink(path);
		while ((slash = strrchr(path, '/')) > path + 4) {
			*slash = '\0';
			rmdir(path);
		}
	}
	close(kernel_log);
}

TEST_HARNESS_MAIN
