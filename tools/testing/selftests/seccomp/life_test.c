// SPDX-License-Identifier: GPL-2.0
/*
 * The records about a filter: the announcement, when it begins to log, has the
 * process that attached it; the summary follows after its last task has exited.
 */
#include "common.h"

#include <pthread.h>

#include "audit.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(life)

/*
 * This program, executed again: "--call" makes a system call that the filter
 * logs, "--attach" attaches a filter before.
 */
__attribute__((constructor)) static void other_program(int argc, char **argv)
{
	if (argc != 2)
		return;
	if (!strcmp(argv[1], "--attach")) {
		if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
			_exit(CHILD_SETUP);
	} else if (strcmp(argv[1], "--call")) {
		return;
	}
	test_syscall();
	_exit(CHILD_OK);
}

/* Make a copy of this program and execute it. */
static void copy_and_exec(const char *path, const char *what)
{
	char buf[4096];
	ssize_t len;
	int from, to;

	unlink(path);
	from = open("/proc/self/exe", O_RDONLY);
	to = open(path, O_WRONLY | O_CREAT | O_EXCL, 0755);
	while ((len = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, len) != len)
			return;
	close(from);
	close(to);
	execl(path, "another name", what, NULL);
}

/* The path of this program as records write it */
static const char *own_exe(void)
{
	static char exe[256] = "\"";
	ssize_t len = readlink("/proc/self/exe", exe + 1, sizeof(exe) - 3);

	strcpy(exe + 1 + (len > 0 ? len : 0), "\"");
	return exe;
}

/* Two hexadecimal digits for each byte, as records encode strings */
static const char *hex_encoded(const char *text)
{
	static char hex[512];

	for (int i = 0; text[i]; i++)
		sprintf(hex + 2 * i, "%02X", (unsigned char)text[i]);
	return hex;
}

static const struct filter_logs *announcement(const struct audit *audit,
					      unsigned long long filter)
{
	for_each_entry(audit, entry, ENTRY_LOGS)
		if (entry->logs.filter == filter)
			return &entry->logs;
	return NULL;
}

/*
 * A filter is announced once, after its first record and before its summary.
 * Each record is an event of its own. *@filter is set to the filter's id.
 */
static void expect_announced(struct __test_metadata *_metadata,
			     struct audit *audit, pid_t pid,
			     unsigned long long *filter)
{
	bool announced = false;
	int calls = 0;

	ASSERT_NE(0, audit_first_filter(audit, pid));
	/* it may come later if the filter is still in use */
	ASSERT_EQ(0, audit_await_attacher(audit, pid, filter));
	EXPECT_EQ(1, audit_count(audit, ENTRY_LOGS, *filter));
	for (int i = 0; i < audit->log_nr; i++) {
		const struct log_entry *entry = &audit->log[i];

		if (entry->kind == ENTRY_SECCOMP)
			calls += entry->seccomp.filter == *filter;
		if (entry->kind == ENTRY_LOGS && entry->logs.filter == *filter) {
			EXPECT_LT(0, calls);
			announced = true;
		}
		if (entry->kind == ENTRY_GONE && entry->gone.filter == *filter)
			EXPECT_TRUE(announced);
		/* events have different serial numbers */
		if (i)
			EXPECT_NE(entry[-1].serial, entry->serial);
	}
}

/* All records of a filter that logs three system calls */
static int log_three_times(const void *arg)
{
	prctl(PR_SET_NAME, "two words");
	if (setgid(1002) || setuid(1001) ||
	    attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++)
		test_syscall();
	return CHILD_OK;
}

TEST_F(life, all_records_of_a_filter)
{
	struct audit *audit = &self->audit;
	const struct filter_logs *logs;
	struct filter_summary summary;
	unsigned int announced = 0, serials[3] = {};
	unsigned long long filter;
	int calls = 0;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(log_three_times, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	expect_announced(_metadata, audit, pid, &filter);

	logs = announcement(audit, filter);
	EXPECT_EQ(pid, logs->pid);
	EXPECT_EQ(1001, logs->uid);
	EXPECT_STREQ(hex_encoded("two words"), logs->comm);
	EXPECT_STREQ(own_exe(), logs->exe);
	EXPECT_EQ(4, logs->insns);
	EXPECT_EQ(0, logs->flags);

	/* each of its records is an event, and so is the announcement */
	for_each_entry(audit, entry, ENTRY_LOGS)
		if (entry->logs.filter == filter)
			announced = entry->serial;
	for_each_entry(audit, entry, ENTRY_SECCOMP)
		if (entry->seccomp.filter == filter && calls < 3)
			serials[calls++] = entry->serial;
	EXPECT_EQ(3, audit_count(audit, ENTRY_SECCOMP, filter));
	EXPECT_LT(serials[0], announced);
	EXPECT_TRUE(serials[0] < serials[1] && serials[1] < serials[2]);

	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
	EXPECT_EQ(3, summary.logged);
	EXPECT_EQ(0, summary.left_out);
	EXPECT_EQ(0, summary.lost);
	EXPECT_EQ(1, summary.parts);
	ASSERT_EQ(1, summary.sets_nr);
	EXPECT_EQ(TEST_ARCH, summary.sets[0].arch);
	EXPECT_STREQ(syscall_set(TEST_NR, TEST_NR), summary.sets[0].syscalls);
	/* the summary is the last record */
	EXPECT_EQ(ENTRY_GONE, audit->log[audit->log_nr - 1].kind);
}

/* Records that a rule excludes are neither in the log nor counted as lost. */
static int log_and_be_excluded(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	test_syscall();
	if (setuid(AUDIT_EXCLUDED_USER))
		return CHILD_SETUP;
	test_syscall();
	test_syscall();
	return CHILD_OK;
}

TEST_F(life, excluded_records)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	pid_t pid;

	ASSERT_EQ(0, audit_exclude_user(audit, AUDIT_EXCLUDED_USER));
	ASSERT_TRUE(exited_with(run_child(log_and_be_excluded, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	expect_announced(_metadata, audit, pid, &filter);
	EXPECT_EQ(1, audit_count(audit, ENTRY_SECCOMP, filter));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(1, summary.logged);
	EXPECT_EQ(0, summary.lost);
}

/* The announcement has the flags and the length of the attach. */
static const struct attach_args {
	unsigned int flags;
	int insns;
} attaches[] = {
	{ SECCOMP_FILTER_FLAG_LOG, 1 },
	{ SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW, 300 },
	{ SECCOMP_FILTER_FLAG_TSYNC, 2 },
	{ SECCOMP_FILTER_FLAG_LOG_ONCE, 4096 },
	{ SECCOMP_FILTER_FLAG_NEW_LISTENER, 3 },
};

static int log_with_args(const void *arg)
{
	const struct attach_args *args = arg;
	struct sock_filter insns[4096];

	for (int i = 0; i < args->insns - 1; i++)
		insns[i] = (struct sock_filter)LOAD(nr);
	insns[args->insns - 1] = (struct sock_filter)RETURN(SECCOMP_RET_LOG);
	if (attach(insns, args->insns, args->flags) < 0)
		return CHILD_SETUP;
	return CHILD_OK;
}

static int log_by_prctl(const void *arg)
{
	struct sock_filter insn = RETURN(SECCOMP_RET_LOG);
	struct sock_fprog prog = { 1, &insn };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		return CHILD_SETUP;
	return CHILD_OK;
}

TEST_F(life, announcement_has_flags_and_length)
{
	const struct filter_logs *logs;
	unsigned long long filter;
	pid_t pid;

	for (int i = 0; i < ARRAY_SIZE(attaches); i++) {
		ASSERT_TRUE(exited_with(run_child(log_with_args, &attaches[i],
						  &pid), CHILD_OK));
		ASSERT_EQ(0, audit_read(&self->audit));
		expect_announced(_metadata, &self->audit, pid, &filter);
		logs = announcement(&self->audit, filter);
		EXPECT_EQ(attaches[i].flags, logs->flags);
		EXPECT_EQ(attaches[i].insns, logs->insns);
	}

	ASSERT_TRUE(exited_with(run_child(log_by_prctl, NULL, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_read(&self->audit));
	expect_announced(_metadata, &self->audit, pid, &filter);
	EXPECT_EQ(0, announcement(&self->audit, filter)->flags);
}

/* A process can choose its name, but no name adds a field to the record. */
static const char * const names[] = {
	"a b", "a\"b", "a\nb", "x filter=0", "\"", "\t", "\x7f", "\xff", "()=,",
	"plain", "",
};

static int attach_by_name(const void *arg)
{
	prctl(PR_SET_NAME, arg);
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

TEST_F(life, names_are_encoded)
{
	for (int i = 0; i < ARRAY_SIZE(names); i++) {
		const char *name = names[i];
		bool plain = strspn(name, "abcdefghijklmnopqrstuvwxyz()=,") ==
			     strlen(name);
		unsigned long long filter;
		char expected[512];
		pid_t pid;

		if (plain)
			snprintf(expected, sizeof(expected), "\"%s\"", name);
		else
			snprintf(expected, sizeof(expected), "%s",
				 hex_encoded(name));
		ASSERT_TRUE(exited_with(run_child(attach_by_name, name, &pid),
					CHILD_OK));
		ASSERT_EQ(0, audit_read(&self->audit));
		expect_announced(_metadata, &self->audit, pid, &filter);
		EXPECT_STREQ(expected, announcement(&self->audit, filter)->comm);
		for_each_entry(&self->audit, entry, ENTRY_SECCOMP)
			if (entry->seccomp.filter == filter)
				EXPECT_STREQ(expected, entry->seccomp.comm);
	}
}

static int attach_from(const void *arg)
{
	copy_and_exec(arg, "--attach");
	return CHILD_SETUP;
}

TEST_F(life, paths_are_encoded)
{
	static const char * const paths[] = {
		"/tmp/a program",
		"/tmp/x\" insns=1 flags=0x0\nop=seccomp-filter-gone",
	};

	for (int i = 0; i < ARRAY_SIZE(paths); i++) {
		unsigned long long filter;
		pid_t pid;

		ASSERT_TRUE(exited_with(run_child(attach_from, paths[i], &pid),
					CHILD_OK));
		unlink(paths[i]);
		ASSERT_EQ(0, audit_read(&self->audit));
		expect_announced(_metadata, &self->audit, pid, &filter);
		EXPECT_STREQ(hex_encoded(paths[i]),
			     announcement(&self->audit, filter)->exe);
	}
}

/* A program attaches a filter and executes another one, as launchers do. */
#define OTHER_PATH	"/tmp/seccomp-test-other"

static int attach_and_exec(const void *arg)
{
	prctl(PR_SET_NAME, "launcher");
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	copy_and_exec(OTHER_PATH, "--call");
	return CHILD_SETUP;
}

TEST_F(life, attacher_has_executed_another_program)
{
	const struct filter_logs *logs;
	unsigned long long filter;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(attach_and_exec, NULL, &pid),
				CHILD_OK));
	unlink(OTHER_PATH);
	ASSERT_EQ(0, audit_read(&self->audit));
	expect_announced(_metadata, &self->audit, pid, &filter);
	logs = announcement(&self->audit, filter);
	EXPECT_EQ(pid, logs->pid);
	EXPECT_STREQ("\"launcher\"", logs->comm);
	EXPECT_STREQ(own_exe(), logs->exe);
	for_each_entry(&self->audit, entry, ENTRY_SECCOMP)
		if (entry->seccomp.filter == filter)
			EXPECT_STREQ("\"" OTHER_PATH "\"", entry->seccomp.exe);
}

/* Attach, create a caller and exit. The first result is the caller's pid. */
static int attach_and_exit(const void *arg)
{
	const struct caller *caller = arg;
	pid_t pid;

	if (setuid(1001) || attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	pid = fork();
	if (!pid)
		return caller_loop(caller);
	return write(caller->results[1], &pid, sizeof(pid)) == sizeof(pid) ?
	       CHILD_OK : CHILD_SETUP;
}

TEST_F(life, attacher_has_exited)
{
	struct audit *audit = &self->audit;
	const struct filter_logs *logs;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;
	pid_t pid;

	ASSERT_TRUE(caller_open(&caller));
	ASSERT_TRUE(exited_with(run_child(attach_and_exit, &caller, &pid),
				CHILD_OK));
	ASSERT_EQ(sizeof(pid_t), read(caller.results[0], &caller.pid,
				      sizeof(pid_t)));
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	ASSERT_EQ(0, audit_await_all_summaries(audit));

	expect_announced(_metadata, audit, caller.pid, &filter);
	logs = announcement(audit, filter);
	EXPECT_EQ(pid, logs->pid);
	EXPECT_EQ(1001, logs->uid);
	EXPECT_EQ(0, audit_count(audit, ENTRY_GONE, filter));

	/* its child is the last task of the filter */
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	close(caller.requests[1]);
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(2, summary.logged);
	EXPECT_EQ(2, audit_count(audit, ENTRY_SECCOMP, filter));
	EXPECT_EQ(1, audit_count(audit, ENTRY_LOGS, filter));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
}

/* A child has its parent's filter: one id, one announcement, one summary. */
static int fork_callers(const void *arg)
{
	int status;

	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++) {
		if (!fork()) {
			test_syscall();
			_exit(CHILD_OK);
		}
		test_syscall();
	}
	while (wait(&status) > 0)
		;
	return CHILD_OK;
}

TEST_F(life, fork_shares_one_log)
{
	struct filter_summary summary;
	unsigned long long filter;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(fork_callers, NULL, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	expect_announced(_metadata, &self->audit, pid, &filter);
	EXPECT_EQ(6, audit_count(&self->audit, ENTRY_SECCOMP, filter));
	ASSERT_EQ(0, audit_await_summary(&self->audit, filter, &summary));
	EXPECT_EQ(1, audit_count(&self->audit, ENTRY_GONE, filter));
	EXPECT_EQ(6, summary.logged);
}

/* All threads of a group have the filter, and are killed together. */
#define THREADS		8

static pthread_barrier_t all_called;

static void *thread_main(void *arg)
{
	pthread_barrier_wait(&all_called);
	syscall(__NR_getuid);
	pthread_barrier_wait(&all_called);
	pause();
	return NULL;
}

static int kill_thread_group(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		RETURN_IF_NR(TEST_NR, SECCOMP_RET_KILL_PROCESS),
		RETURN_IF_NR(__NR_getuid, SECCOMP_RET_LOG),
		RETURN(SECCOMP_RET_ALLOW),
	};
	pthread_t thread;

	pthread_barrier_init(&all_called, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, thread_main, NULL))
			return CHILD_SETUP;
	if (attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_TSYNC))
		return CHILD_SETUP;
	pthread_barrier_wait(&all_called);
	pthread_barrier_wait(&all_called);
	test_syscall();
	return CHILD_WRONG;
}

TEST_F(life, thread_group_is_killed)
{
	struct filter_summary summary;
	unsigned long long filter;
	pid_t pid;

	EXPECT_TRUE(killed_by(run_child(kill_thread_group, NULL, &pid),
			      SIGSYS));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	expect_announced(_metadata, &self->audit, pid, &filter);
	EXPECT_EQ(SECCOMP_FILTER_FLAG_TSYNC,
		  announcement(&self->audit, filter)->flags);
	EXPECT_EQ(THREADS + 1,
		  audit_count(&self->audit, ENTRY_SECCOMP, filter));
	ASSERT_EQ(0, audit_await_summary(&self->audit, filter, &summary));
	EXPECT_EQ(1, audit_count(&self->audit, ENTRY_GONE, filter));
	EXPECT_EQ(THREADS + 1, summary.logged);
	EXPECT_STREQ(syscall_set(__NR_getuid, TEST_NR),
		     summary.sets[0].syscalls);
}

/* A supervisor still has the listener after the last task has exited. */
static int log_with_listener(const void *arg)
{
	const struct caller *caller = arg;
	int fd = attach_for(TEST_NR, SECCOMP_RET_LOG,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER);
	char byte;

	if (fd < 0)
		return CHILD_SETUP;
	test_syscall();
	if (write(caller->results[1], &fd, sizeof(fd)) != sizeof(fd) ||
	    read(caller->requests[0], &byte, 1) != 1)
		return CHILD_WRONG;
	return CHILD_OK;
}

TEST_F(life, listener_is_still_open)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;
	int pidfd, fd, status;

	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(log_with_listener(&caller));
	ASSERT_EQ(sizeof(fd), read(caller.results[0], &fd, sizeof(fd)));
	pidfd = syscall(__NR_pidfd_open, caller.pid, 0);
	ASSERT_LE(0, pidfd);
	fd = syscall(__NR_pidfd_getfd, pidfd, fd, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, write(caller.requests[1], "x", 1));
	ASSERT_EQ(caller.pid, waitpid(caller.pid, &status, 0));
	ASSERT_TRUE(exited_with(status, CHILD_OK));

	/* no task can log any more, so the summary is written */
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	expect_announced(_metadata, audit, caller.pid, &filter);
	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(1, summary.logged);

	close(fd);
	close(pidfd);
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
}

/* Each filter of a chain has its own announcement and summary. */
static int log_by_two(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	test_syscall();
	if (attach_for(__NR_getuid, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	syscall(__NR_getuid);
	syscall(__NR_getuid);
	test_syscall();
	return CHILD_OK;
}

TEST_F(life, each_filter_has_its_own_records)
{
	static const int calls[] = { TEST_NR, __NR_getuid };
	struct audit *audit = &self->audit;
	unsigned long long filters[2] = {};
	int found = 0;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(log_by_two, NULL, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	for_each_entry(audit, entry, ENTRY_LOGS)
		if (entry->logs.pid == pid && found < 2)
			filters[found++] = entry->logs.filter;
	ASSERT_EQ(2, found);
	EXPECT_NE(filters[0], filters[1]);
	for (int i = 0; i < 2; i++) {
		struct filter_summary summary;

		EXPECT_EQ(1, audit_count(audit, ENTRY_LOGS, filters[i]));
		EXPECT_EQ(2, audit_count(audit, ENTRY_SECCOMP, filters[i]));
		ASSERT_EQ(0, audit_await_summary(audit, filters[i], &summary));
		EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filters[i]));
		EXPECT_EQ(2, summary.logged);
		EXPECT_STREQ(syscall_set(calls[i], calls[i]),
			     summary.sets[0].syscalls);
	}
}

/* A filter that has never logged has no announcement and no summary. */
static int log_nothing(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_ERRNO, 0) ||
	    attach_for(__NR_getuid, SECCOMP_RET_ALLOW, SECCOMP_FILTER_FLAG_LOG) ||
	    attach_for(__NR_swapoff, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	test_syscall();
	syscall(__NR_getuid);
	return CHILD_OK;
}

TEST_F(life, no_records_if_nothing_is_logged)
{
	int logs = 0, gone = 0;

	ASSERT_TRUE(exited_with(run_child(log_nothing, NULL, NULL), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	for_each_entry(&self->audit, entry, ENTRY_LOGS)
		logs++;
	for_each_entry(&self->audit, entry, ENTRY_GONE)
		gone++;
	/* only those of the filter that audit_await_all_summaries() uses */
	EXPECT_EQ(1, logs);
	EXPECT_EQ(1, gone);
}

TEST_HARNESS_MAIN
