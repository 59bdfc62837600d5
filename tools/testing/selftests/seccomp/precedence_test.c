// SPDX-License-Identifier: GPL-2.0
/*
 * The verdict of several filters: the strongest action, of the newest filter.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

/* Strongest first */
static const uint32_t actions[] = {
	SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_KILL_THREAD,
	SECCOMP_RET_TRAP,
	SECCOMP_RET_ERRNO,
	SECCOMP_RET_USER_NOTIF,
	SECCOMP_RET_TRACE,
	SECCOMP_RET_LOG,
	SECCOMP_RET_ALLOW,
};

FIXTURE_WITH_AUDIT(precedence)

struct chain {
	int length;
	uint32_t values[ARRAY_SIZE(actions)];	/* oldest first */
};

static int run_chain(const void *arg)
{
	const struct chain *chain = arg;

	for (int i = 0; i < chain->length; i++)
		if (attach_for(TEST_NR, chain->values[i],
			       SECCOMP_FILTER_FLAG_LOG))
			return CHILD_SETUP;
	test_syscall();
	return CHILD_OK;
}

/* The action in the record is the action of the verdict. */
static uint32_t decided(struct __test_metadata *_metadata,
			struct audit *audit, const struct chain *chain)
{
	struct seccomp_record r = { .code = SECCOMP_RET_ALLOW };
	pid_t pid;
	int n;

	EXPECT_FALSE(exited_with(run_child(run_chain, chain, &pid),
				 CHILD_SETUP));
	n = audit_collect_seccomp(audit, pid, &r, 1);
	EXPECT_EQ(r.code == SECCOMP_RET_ALLOW ? 0 : 1, n);
	return r.code;
}

TEST_F(precedence, every_pair_in_both_orders)
{
	for (int a = 0; a < ARRAY_SIZE(actions); a++) {
		for (int b = 0; b < ARRAY_SIZE(actions); b++) {
			struct chain chain = { 2, { actions[a], actions[b] } };
			uint32_t expected = actions[a < b ? a : b];

			EXPECT_EQ(expected,
				  decided(_metadata, &self->audit, &chain)) {
				TH_LOG("older %#x newer %#x", actions[a],
				       actions[b]);
			}
		}
	}
}

TEST_F(precedence, all_at_once)
{
	struct chain chain = { .length = ARRAY_SIZE(actions) };

	for (int first = 0; first < ARRAY_SIZE(actions); first++) {
		for (int i = 0; i < chain.length; i++)
			chain.values[i] = actions[(first + i) % chain.length];
		EXPECT_EQ(SECCOMP_RET_KILL_PROCESS,
			  decided(_metadata, &self->audit, &chain));
	}
}

/* Unknown actions are compared by their numbers. */
TEST_F(precedence, unknown_actions_compare_as_numbers)
{
	struct chain weak = { 2, { SECCOMP_RET_ERRNO, 0x7ffe0000 } };
	struct chain strong = { 2, { SECCOMP_RET_LOG, 0x7ffb0000 } };
	struct chain above_allow = { 2, { SECCOMP_RET_ALLOW, 0x7ffe0000 } };

	EXPECT_EQ(SECCOMP_RET_ERRNO, decided(_metadata, &self->audit, &weak));
	EXPECT_EQ(SECCOMP_RET_KILL_PROCESS,
		  decided(_metadata, &self->audit, &strong));
	EXPECT_EQ(SECCOMP_RET_KILL_PROCESS,
		  decided(_metadata, &self->audit, &above_allow));
}

static int errno_of_chain(const void *arg)
{
	const struct chain *chain = arg;

	for (int i = 0; i < chain->length; i++)
		if (attach_for(TEST_NR, chain->values[i], 0))
			return CHILD_SETUP;
	return -test_syscall();
}

TEST_F(precedence, data_is_of_the_newest_of_equal_actions)
{
	const struct chain newer_smaller = {
		2, { SECCOMP_RET_ERRNO | 20, SECCOMP_RET_ERRNO | 10 },
	};
	const struct chain newer_larger = {
		2, { SECCOMP_RET_ERRNO | 10, SECCOMP_RET_ERRNO | 20 },
	};
	const struct chain newest_weaker = {
		3, { SECCOMP_RET_ERRNO | 10, SECCOMP_RET_ERRNO | 20,
		     SECCOMP_RET_LOG | 30 },
	};

	EXPECT_TRUE(exited_with(run_child(errno_of_chain, &newer_smaller, NULL),
				10));
	EXPECT_TRUE(exited_with(run_child(errno_of_chain, &newer_larger, NULL),
				20));
	EXPECT_TRUE(exited_with(run_child(errno_of_chain, &newest_weaker, NULL),
				20));
}

TEST_HARNESS_MAIN
