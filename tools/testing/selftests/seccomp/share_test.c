// SPDX-License-Identifier: GPL-2.0
/*
 * Filters with the same program share it. Each has its own flags, chain and
 * log.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

#define ERROR		1234
#define BPF_JIT_ENABLE	"/proc/sys/net/core/bpf_jit_enable"
#define BPF_JIT_HARDEN	"/proc/sys/net/core/bpf_jit_harden"

FIXTURE_WITH_AUDIT(share)

/* A process that has attached a filter and waits until it is released */
struct holder {
	pid_t pid;
	int stay;
};

static int holder_start(struct holder *holder, uint32_t value,
			unsigned int flags)
{
	int ready[2], stay[2];
	char byte;

	if (pipe(ready) || pipe(stay))
		return -errno;
	fflush(NULL);
	holder->pid = fork();
	if (holder->pid < 0)
		return -errno;
	if (!holder->pid) {
		if (attach_for(TEST_NR, value, flags))
			_exit(CHILD_SETUP);
		if (write(ready[1], "", 1) != 1 ||
		    read(stay[0], &byte, 1) != 1)
			_exit(CHILD_WRONG);
		_exit(test_syscall() == -ERROR ? CHILD_OK : CHILD_WRONG);
	}
	close(ready[1]);
	close(stay[0]);
	holder->stay = stay[1];
	return read(ready[0], &byte, 1) == 1 ? close(ready[0]) : -ECHILD;
}

/* Let it make its call and exit. Returns its wait status. */
static int holder_release(struct holder *holder)
{
	int status;

	if (write(holder->stay, "", 1) != 1 ||
	    waitpid(holder->pid, &status, 0) != holder->pid)
		return -1;
	close(holder->stay);
	return status;
}

static void expect_own_flags(struct __test_metadata *_metadata,
			     struct audit *audit)
{
	const unsigned int log = SECCOMP_FILTER_FLAG_LOG;
	struct holder quiet, logging;
	struct seccomp_record r;

	ASSERT_EQ(0, holder_start(&quiet, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, holder_start(&logging, SECCOMP_RET_ERRNO | ERROR, log));

	EXPECT_TRUE(exited_with(holder_release(&quiet), CHILD_OK));
	EXPECT_EQ(0, audit_collect_seccomp(audit, quiet.pid, &r, 1));
	/* the other filter still has the program */
	EXPECT_TRUE(exited_with(holder_release(&logging), CHILD_OK));
	EXPECT_EQ(1, audit_collect_seccomp(audit, logging.pid, &r, 1));
	EXPECT_EQ(ERROR, r.retdata);
}

TEST_F(share, flags_and_log_are_each_filters_own)
{
	expect_own_flags(_metadata, &self->audit);
}

TEST_F(share, no_difference_without_sharing)
{
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "0"));
	expect_own_flags(_metadata, &self->audit);
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
}

/* Programs that are shared are still valid after sharing is turned off. */
TEST_F(share, turned_off_and_on_while_programs_live)
{
	struct holder holders[4];

	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		ASSERT_EQ(0, write_file(SHARE_PROGRAMS, i & 1 ? "0" : "1"));
		ASSERT_EQ(0, holder_start(&holders[i],
					  SECCOMP_RET_ERRNO | ERROR, 0));
	}
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		int status = holder_release(&holders[i]);

		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

/* Programs that differ in one bit are not shared. */
TEST_F(share, one_bit_makes_another_program)
{
	struct holder one, other;

	ASSERT_EQ(0, holder_start(&one, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, holder_start(&other, SECCOMP_RET_ERRNO | (ERROR ^ 1), 0));
	EXPECT_TRUE(exited_with(holder_release(&one), CHILD_OK));
	EXPECT_TRUE(exited_with(holder_release(&other), CHILD_WRONG));
}

/* All that determines how a program is compiled */
struct settings {
	uid_t uid;
	const char *enable;	/* net.core.bpf_jit_enable */
	const char *harden;	/* net.core.bpf_jit_harden */
};

/* The value is not constant, so that the program is compiled. */
static int attach_with_condition(void)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 0, 3),
		LOAD(instruction_pointer),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | ERROR),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), 0);
}

/* Start a child that attaches with these settings and waits to be killed. */
static pid_t start_with_settings(const struct settings *settings)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (write_file(BPF_JIT_ENABLE, settings->enable) ||
	    write_file(BPF_JIT_HARDEN, settings->harden) || pipe(ready))
		return -1;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (setresuid(settings->uid, settings->uid, settings->uid) ||
		    attach_with_condition() || write(ready[1], "", 1) != 1)
			_exit(CHILD_SETUP);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

/* Is it a program, not its machine code, which may have pages of its own? */
static bool is_program(const char *line)
{
	return strstr(line, " bpf_") && !strstr(line, "bpf_prog_pack") &&
	       !strstr(line, "bpf_jit_alloc_exec") &&
	       !strstr(line, "bpf_jit_binary_alloc");
}

/* Returns the number of compiled programs, or -1. */
static int compiled_programs(void)
{
	FILE *list = fopen("/proc/vmallocinfo", "re");
	char line[256];
	int programs = 0;

	if (!list)
		return -1;
	while (fgets(line, sizeof(line), list))
		programs += is_program(line);
	fclose(list);
	return programs;
}

/*
 * How many programs are compiled for the second process. Programs of earlier
 * processes are freed some time after these exit, so this is tried repeatedly.
 */
static int compiled_for_second(const struct settings *first,
			       const struct settings *second, int expected)
{
	int found = -1;

	for (int i = 0; i < 100 && found != expected; i++) {
		pid_t one = start_with_settings(first);
		int before = compiled_programs();
		pid_t two = start_with_settings(second);
		int after = compiled_programs();

		if (one < 0 || two < 0 || before < 0 || after < 0)
			return -1;
		found = after - before;
		kill(one, SIGKILL);
		kill(two, SIGKILL);
		waitpid(one, NULL, 0);
		waitpid(two, NULL, 0);
	}
	return found;
}

/* A program is shared only if the process would have compiled the same. */
TEST(share_only_the_same_compilation)
{
	static const struct {
		struct settings first, second;
		int compiled;
	} pairs[] = {
		{ { 0, "1", "0" }, { 0, "1", "0" }, 0 },
		{ { 65534, "1", "0" }, { 65534, "1", "0" }, 0 },
		{ { 65534, "1", "0" }, { 65533, "1", "0" }, 0 },
		/* interpreted, then compiled to machine code, and back */
		{ { 65534, "0", "0" }, { 0, "1", "0" }, 1 },
		{ { 0, "0", "0" }, { 0, "1", "0" }, 1 },
		{ { 0, "1", "0" }, { 0, "0", "0" }, 1 },
		{ { 65534, "0", "0" }, { 0, "0", "0" }, 0 },
		/* without barriers and with them, for lack of privileges */
		{ { 65534, "1", "0" }, { 0, "1", "0" }, 1 },
		{ { 0, "1", "0" }, { 65534, "1", "0" }, 1 },
		/* blinding for all, or for users without privileges */
		{ { 0, "1", "0" }, { 0, "1", "2" }, 1 },
		{ { 65534, "1", "0" }, { 65534, "1", "1" }, 1 },
		{ { 65534, "1", "1" }, { 65534, "1", "2" }, 0 },
		{ { 0, "1", "0" }, { 0, "1", "1" }, 0 },
	};
	char enable[16], harden[16];

	ASSERT_LT(0, read_file(BPF_JIT_ENABLE, enable, sizeof(enable)));
	ASSERT_LT(0, read_file(BPF_JIT_HARDEN, harden, sizeof(harden)));
	for (int i = 0; i < ARRAY_SIZE(pairs); i++) {
		EXPECT_EQ(pairs[i].compiled,
			  compiled_for_second(&pairs[i].first, &pairs[i].second,
					      pairs[i].compiled)) {
			TH_LOG("pair %d", i);
		}
	}
	EXPECT_EQ(0, write_file(BPF_JIT_ENABLE, enable));
	EXPECT_EQ(0, write_file(BPF_JIT_HARDEN, harden));
}

/* The last user exits while another one looks up the program, repeatedly. */
#define PROCESSES	6
#define ROUNDS	150

static int attach_repeatedly(const void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			if (attach_for(TEST_NR, SECCOMP_RET_ERRNO | ERROR, 0) ||
			    attach_for(TEST_NR, SECCOMP_RET_ERRNO | ERROR, 0))
				_exit(CHILD_SETUP);
			_exit(test_syscall() == -ERROR ? CHILD_OK :
							 CHILD_WRONG);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    !exited_with(status, CHILD_OK))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

TEST(share_while_the_last_user_exits)
{
	pid_t pids[PROCESSES];
	int status;

	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			_exit(attach_repeatedly(NULL));
	}
	for (int i = 0; i < PROCESSES; i++) {
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

TEST_HARNESS_MAIN
