// SPDX-License-Identifier: GPL-2.0
/*
 * Filters with the same program share it, and nothing else: each has its own
 * flags, chain and log.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

#define ERROR		1234
#define BPF_JIT_ENABLE	"/proc/sys/net/core/bpf_jit_enable"
#define BPF_JIT_HARDEN	"/proc/sys/net/core/bpf_jit_harden"

FIXTURE_WITH_AUDIT(share)

/* A process that has attached a filter and stays for as long as it is wanted */
struct holder {
	pid_t pid;
	int stay;
};

static int hold(struct holder *holder, uint32_t value, unsigned int flags)
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
		if (attach_for(SUBJECT, value, flags))
			_exit(CHILD_SETUP);
		if (write(ready[1], "", 1) != 1 ||
		    read(stay[0], &byte, 1) != 1)
			_exit(CHILD_WRONG);
		_exit(subject() == -ERROR ? CHILD_OK : CHILD_WRONG);
	}
	close(ready[1]);
	close(stay[0]);
	holder->stay = stay[1];
	return read(ready[0], &byte, 1) == 1 ? close(ready[0]) : -ECHILD;
}

/* It makes its call and goes. Its wait status */
static int release(struct holder *holder)
{
	int status;

	if (write(holder->stay, "", 1) != 1 ||
	    waitpid(holder->pid, &status, 0) != holder->pid)
		return -1;
	close(holder->stay);
	return status;
}

static void both_answer(struct __test_metadata *_metadata, struct audit *audit)
{
	const unsigned int log = SECCOMP_FILTER_FLAG_LOG;
	struct holder quiet, logging;
	struct seccomp_record r;

	ASSERT_EQ(0, hold(&quiet, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, hold(&logging, SECCOMP_RET_ERRNO | ERROR, log));

	EXPECT_TRUE(exited_with(release(&quiet), CHILD_OK));
	EXPECT_EQ(0, audit_collect_seccomp(audit, quiet.pid, &r, 1));
	/* the other's program is still there */
	EXPECT_TRUE(exited_with(release(&logging), CHILD_OK));
	EXPECT_EQ(1, audit_collect_seccomp(audit, logging.pid, &r, 1));
	EXPECT_EQ(ERROR, r.retdata);
}

TEST_F(share, flags_and_log_are_each_filters_own)
{
	both_answer(_metadata, &self->audit);
}

TEST_F(share, without_sharing_it_is_the_same)
{
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "0"));
	both_answer(_metadata, &self->audit);
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
}

/* One that was attached before sharing was turned off outlives that. */
TEST_F(share, turned_off_and_on_while_programs_live)
{
	struct holder holders[4];

	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		ASSERT_EQ(0, write_file(SHARE_PROGRAMS, i & 1 ? "0" : "1"));
		ASSERT_EQ(0, hold(&holders[i], SECCOMP_RET_ERRNO | ERROR, 0));
	}
	ASSERT_EQ(0, write_file(SHARE_PROGRAMS, "1"));
	for (int i = 0; i < ARRAY_SIZE(holders); i++) {
		int status = release(&holders[i]);

		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

/* Nearly the same is another program. */
TEST_F(share, one_bit_makes_another_program)
{
	struct holder one, other;

	ASSERT_EQ(0, hold(&one, SECCOMP_RET_ERRNO | ERROR, 0));
	ASSERT_EQ(0, hold(&other, SECCOMP_RET_ERRNO | (ERROR ^ 1), 0));
	EXPECT_TRUE(exited_with(release(&one), CHILD_OK));
	EXPECT_TRUE(exited_with(release(&other), CHILD_WRONG));
}

/* Who attaches, and under which settings: all of it decides what is compiled. */
struct terms {
	uid_t uid;
	const char *enable;	/* net.core.bpf_jit_enable */
	const char *harden;	/* net.core.bpf_jit_harden */
};

/* It looks at an argument, so that there is something to compile. */
static int attach_looking(void)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SUBJECT, 0, 3),
		LOAD(instruction_pointer),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | ERROR),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), 0);
}

/* A child that attaches under such terms and stays until it is killed */
static pid_t stay_under(const struct terms *terms)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (write_file(BPF_JIT_ENABLE, terms->enable) ||
	    write_file(BPF_JIT_HARDEN, terms->harden) || pipe(ready))
		return -1;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (setresuid(terms->uid, terms->uid, terms->uid) ||
		    attach_looking() || write(ready[1], "", 1) != 1)
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

/* A compiled program; the pages with machine code are many programs' own. */
static bool is_program(const char *line)
{
	return strstr(line, " bpf_") && !strstr(line, "bpf_prog_pack") &&
	       !strstr(line, "bpf_jit_alloc_exec");
}

/* Compiled programs there are, or -1 */
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
 * How many programs are compiled for a second process. What earlier processes
 * leave is freed some time later: until then try again.
 */
static int compiled_for_second(const struct terms *first,
			       const struct terms *second, int expected)
{
	int found = -1;

	for (int i = 0; i < 100 && found != expected; i++) {
		pid_t one = stay_under(first);
		int before = compiled_programs();
		pid_t two = stay_under(second);
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

/* Nobody gets a program that he would not have got himself. */
TEST(share_only_what_would_be_the_same)
{
	static const struct {
		struct terms first, second;
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
		/* without and with barriers that privileges spare */
		{ { 65534, "1", "0" }, { 0, "1", "0" }, 1 },
		{ { 0, "1", "0" }, { 65534, "1", "0" }, 1 },
		/* blinded for all, or for those without privileges */
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

/* The last user goes while another looks for the program, again and again. */
#define COMERS	6
#define ROUNDS	150

static int come_and_go(const void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			if (attach_for(SUBJECT, SECCOMP_RET_ERRNO | ERROR, 0) ||
			    attach_for(SUBJECT, SECCOMP_RET_ERRNO | ERROR, 0))
				_exit(CHILD_SETUP);
			_exit(subject() == -ERROR ? CHILD_OK : CHILD_WRONG);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    !exited_with(status, CHILD_OK))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

TEST(share_while_the_last_one_goes)
{
	pid_t comers[COMERS];
	int status;

	for (int i = 0; i < COMERS; i++) {
		comers[i] = fork();
		ASSERT_LE(0, comers[i]);
		if (!comers[i])
			_exit(come_and_go(NULL));
	}
	for (int i = 0; i < COMERS; i++) {
		ASSERT_EQ(comers[i], waitpid(comers[i], &status, 0));
		EXPECT_TRUE(exited_with(status, CHILD_OK));
	}
}

TEST_HARNESS_MAIN
