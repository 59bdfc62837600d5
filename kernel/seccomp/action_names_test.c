// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for parsing and printing sets of actions.
 */

#include <kunit/test.h>

#include "internal.h"

#define UNTOUCHED	0xdeadbeef

static u32 bit(u32 action)
{
	return BIT(seccomp_action_index(action));
}

static u32 parse(struct kunit *test, const char *text)
{
	u32 set = UNTOUCHED;

	KUNIT_EXPECT_EQ_MSG(test, 0,
			    seccomp_action_names_parse(text, strlen(text), &set),
			    "'%s'", text);
	return set;
}

static void expect_einval(struct kunit *test, const char *text, size_t len)
{
	u32 set = UNTOUCHED;

	KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
			    seccomp_action_names_parse(text, len, &set), "'%s'", text);
	KUNIT_EXPECT_EQ_MSG(test, UNTOUCHED, set, "'%s'", text);
}

static void seccomp_action_names_parse_any_order(struct kunit *test)
{
	u32 set = bit(SECCOMP_RET_LOG) | bit(SECCOMP_RET_ERRNO) |
		  bit(SECCOMP_RET_KILL_PROCESS);

	KUNIT_EXPECT_EQ(test, set, parse(test, "kill_process errno log"));
	KUNIT_EXPECT_EQ(test, set, parse(test, "log kill_process errno"));
	KUNIT_EXPECT_EQ(test, set, parse(test, "errno log kill_process\n"));
}

static void seccomp_action_names_parse_duplicates(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bit(SECCOMP_RET_TRAP),
			parse(test, "trap trap trap"));
}

static void seccomp_action_names_parse_spaces(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bit(SECCOMP_RET_TRAP) | bit(SECCOMP_RET_LOG),
			parse(test, "  trap   log  "));
}

/* The end of a string or a line is not part of the last name. */
static void seccomp_action_names_parse_line_ends(struct kunit *test)
{
	u32 set = UNTOUCHED;

	KUNIT_EXPECT_EQ(test, 0, seccomp_action_names_parse("log\0", 4, &set));
	KUNIT_EXPECT_EQ(test, bit(SECCOMP_RET_LOG), set);
	KUNIT_EXPECT_EQ(test, 0, seccomp_action_names_parse("trap\n\0", 6, &set));
	KUNIT_EXPECT_EQ(test, bit(SECCOMP_RET_TRAP), set);
}

static void seccomp_action_names_parse_empty(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0U, parse(test, ""));
	KUNIT_EXPECT_EQ(test, 0U, parse(test, "\n"));
	KUNIT_EXPECT_EQ(test, 0U, parse(test, "   "));
}

static void seccomp_action_names_parse_unknown(struct kunit *test)
{
	static const char * const bad[] = {
		"kill", "errnoo", "errn", "ERRNO", "log,errno", "log\terrno",
		"log errno nothing", "log\nerrno", "log\n\n", "0x7ffc0000",
	};

	for (int i = 0; i < ARRAY_SIZE(bad); i++)
		expect_einval(test, bad[i], strlen(bad[i]));
	expect_einval(test, "log\0errno", 9);
	expect_einval(test, "log\0\n", 5);
}

static void seccomp_action_names_parse_allow(struct kunit *test)
{
	expect_einval(test, "allow", 5);
	expect_einval(test, "log allow", 9);
}

static void seccomp_action_names_parse_overlong(struct kunit *test)
{
	size_t size = SECCOMP_ACTION_NAMES_MAX + 1;
	char *text = kunit_kzalloc(test, size + 1, GFP_KERNEL);
	u32 set;

	KUNIT_ASSERT_NOT_NULL(test, text);

	/* the longest valid text, then one byte more */
	memset(text, ' ', size);
	memcpy(text, "log", 3);
	KUNIT_EXPECT_EQ(test, 0, seccomp_action_names_parse(text, size - 1, &set));
	KUNIT_EXPECT_EQ(test, bit(SECCOMP_RET_LOG), set);
	expect_einval(test, text, size);

	/* one name of this length */
	memset(text, 'l', size);
	expect_einval(test, text, size - 1);
}

static void seccomp_action_names_print_strongest_first(struct kunit *test)
{
	char buf[128];

	seccomp_action_names_print(buf, sizeof(buf), parse(test, "log trap errno"),
				   " ");
	KUNIT_EXPECT_STREQ(test, buf, "trap errno log");
	seccomp_action_names_print(buf, sizeof(buf), parse(test, "log trap errno"),
				   ",");
	KUNIT_EXPECT_STREQ(test, buf, "trap,errno,log");
}

static void seccomp_action_names_print_all(struct kunit *test)
{
	char buf[128];

	seccomp_action_names_print(buf, sizeof(buf), BIT(SECCOMP_ACTIONS) - 1, " ");
	KUNIT_EXPECT_STREQ(test, buf,
			   "kill_process kill_thread trap errno user_notif trace log allow");
}

static void seccomp_action_names_print_empty(struct kunit *test)
{
	char buf[8] = "before";

	seccomp_action_names_print(buf, sizeof(buf), 0, " ");
	KUNIT_EXPECT_STREQ(test, buf, "");
}

static void seccomp_action_names_print_truncates(struct kunit *test)
{
	char buf[16] = "..............!";

	seccomp_action_names_print(buf, 8, parse(test, "trap errno log"), " ");
	KUNIT_EXPECT_STREQ(test, buf, "trap er");
	KUNIT_EXPECT_EQ(test, buf[8], '.');
}

/* A set that is printed can be parsed. */
static void seccomp_action_names_round_trip(struct kunit *test)
{
	u32 sets = bit(SECCOMP_RET_ALLOW);
	char buf[128];

	for (u32 set = 0; set < sets; set++) {
		seccomp_action_names_print(buf, sizeof(buf), set, " ");
		KUNIT_EXPECT_EQ(test, set, parse(test, buf));
	}
}

static struct kunit_case seccomp_action_names_cases[] = {
	KUNIT_CASE(seccomp_action_names_parse_any_order),
	KUNIT_CASE(seccomp_action_names_parse_duplicates),
	KUNIT_CASE(seccomp_action_names_parse_spaces),
	KUNIT_CASE(seccomp_action_names_parse_line_ends),
	KUNIT_CASE(seccomp_action_names_parse_empty),
	KUNIT_CASE(seccomp_action_names_parse_unknown),
	KUNIT_CASE(seccomp_action_names_parse_allow),
	KUNIT_CASE(seccomp_action_names_parse_overlong),
	KUNIT_CASE(seccomp_action_names_print_strongest_first),
	KUNIT_CASE(seccomp_action_names_print_all),
	KUNIT_CASE(seccomp_action_names_print_empty),
	KUNIT_CASE(seccomp_action_names_print_truncates),
	KUNIT_CASE(seccomp_action_names_round_trip),
	{ }
};

static struct kunit_suite seccomp_action_names_suite = {
	.name = "seccomp_action_names",
	.test_cases = seccomp_action_names_cases,
};

kunit_test_suite(seccomp_action_names_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
