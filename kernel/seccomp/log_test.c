// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for the decision whether an action is logged.
 */

#include <kunit/test.h>

#include "internal.h"
#include "log.h"

/*
 * The truth table has one row for each action. Bit N of @expected is the
 * decision for the inputs that are the binary digits of N: the action is
 * listed, it is listed for audited tasks, the filter has
 * SECCOMP_FILTER_FLAG_LOG, auditing is enabled, the task is audited.
 */
static const struct {
	u32 action;
	u32 expected;
} truth[] = {
	{ SECCOMP_RET_KILL_PROCESS,	0xffff8800 },
	{ SECCOMP_RET_KILL_THREAD,	0xffff8800 },
	{ SECCOMP_RET_TRAP,		0xf8f08800 },
	{ SECCOMP_RET_ERRNO,		0xf8f08800 },
	{ SECCOMP_RET_USER_NOTIF,	0xf8f08800 },
	{ SECCOMP_RET_TRACE,		0xf8f08800 },
	{ SECCOMP_RET_LOG,		0xffff8800 },
	{ SECCOMP_RET_ALLOW,		0x00000000 },
};

/* One action with two sets of actions and all other inputs */
static void expect_row(struct kunit *test, int row, u32 set, u32 other)
{
	int action = seccomp_action_index(truth[row].action);

	for (int n = 0; n < 8; n++) {
		int input = n | (other & BIT(action) ? 8 : 0) |
			 (set & BIT(action) ? 16 : 0);

		/* assert: one failure is enough */
		KUNIT_ASSERT_EQ_MSG(test,
				    seccomp_log_decide(action, set, other, n & 4,
						       n & 2, n & 1),
				    !!(truth[row].expected & BIT(input)),
				    "action %d set %x other %x input %d", action,
				    set, other, input);
	}
}

/* All actions with all pairs of sets of actions and all other inputs */
static void seccomp_log_decide_follows_truth_table(struct kunit *test)
{
	for (int row = 0; row < ARRAY_SIZE(truth); row++)
		for (u32 set = 0; set < BIT(SECCOMP_ACTIONS); set++)
			for (u32 other = 0; other < BIT(SECCOMP_ACTIONS); other++)
				expect_row(test, row, set, other);
}

/* A new action needs a row above, in the order of precedence. */
static void seccomp_log_truth_table_has_all_actions(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, SECCOMP_ACTIONS, (int)ARRAY_SIZE(truth));
	for (int row = 0; row < ARRAY_SIZE(truth); row++) {
		KUNIT_EXPECT_EQ(test, seccomp_actions[row].value,
				truth[row].action);
		if (row)
			KUNIT_EXPECT_GT(test, (s32)truth[row].action,
					(s32)truth[row - 1].action);
	}
}

static struct kunit_case seccomp_log_cases[] = {
	KUNIT_CASE(seccomp_log_decide_follows_truth_table),
	KUNIT_CASE(seccomp_log_truth_table_has_all_actions),
	{ }
};

static struct kunit_suite seccomp_log_suite = {
	.name = "seccomp_log",
	.test_cases = seccomp_log_cases,
};

kunit_test_suite(seccomp_log_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
