// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for numbers and strings in the text of records, which are what
 * vsnprintf() and audit write.
 */

#include <kunit/test.h>
#include <linux/string.h>

#include "text.h"

#define ROOM	64

/* @text is in @buf: is it the number in this format? */
static void expect_format(struct kunit *test, struct text *text,
			  const char *buf, const char *format, u64 number)
{
	char expected[ROOM];

	text_end(text);
	snprintf(expected, sizeof(expected), format, number);
	KUNIT_EXPECT_STREQ(test, buf, expected);
}

static void expect_hex(struct kunit *test, u64 number)
{
	char buf[ROOM];
	struct text text = TEXT_IN(buf);

	text_add_hex(&text, number);
	expect_format(test, &text, buf, "%llx", number);
}

static void expect_dec(struct kunit *test, s64 number)
{
	char buf[ROOM];
	struct text text = TEXT_IN(buf);

	text_add_dec(&text, number);
	expect_format(test, &text, buf, "%lld", number);
}

static void expect_u64(struct kunit *test, u64 number)
{
	char buf[ROOM];
	struct text text = TEXT_IN(buf);

	text_add_u64(&text, number);
	expect_format(test, &text, buf, "%llu", number);
}

/* All lengths */
static void seccomp_text_numbers(struct kunit *test)
{
	expect_hex(test, 0);
	expect_dec(test, 0);
	expect_dec(test, S32_MIN);
	for (int bit = 0; bit < 64; bit++)
		for (int i = -1; i <= 1; i++) {
			expect_hex(test, BIT_ULL(bit) + i);
			expect_u64(test, BIT_ULL(bit) + i);
		}
	for (u64 power = 1; power <= U32_MAX; power *= 10)
		for (int i = -1; i <= 1; i++) {
			expect_dec(test, power + i);
			if (power <= S32_MAX)
				expect_dec(test, -(s64)power + i);
		}
	expect_dec(test, U32_MAX);
}

struct cut {
	const char *string;
	unsigned int room;
	const char *expected;
};

/* A string that is too long loses its beginning; one with a quote is hex. */
static void seccomp_text_strings(struct kunit *test)
{
	static const struct cut cuts[] = {
		{ "/bin/true",	ROOM - 1,	"\"/bin/true\"" },
		{ "/bin/true",	11,		"\"/bin/true\"" },
		{ "/bin/true",	10,		"\".../true\"" },
		{ "a b",	ROOM - 1,	"612062" },
		{ "a\"bcdefg",	16,		"6122626364656667" },
		{ "a\"bcdefg",	15,		"2E2E2E64656667" },
		{ "",		ROOM - 1,	"\"\"" },
	};
	char buf[ROOM];

	for (int i = 0; i < ARRAY_SIZE(cuts); i++) {
		struct text text = { .end = buf, .limit = buf + cuts[i].room };

		text_add_untrusted(&text, cuts[i].string);
		text_end(&text);
		KUNIT_EXPECT_STREQ(test, buf, cuts[i].expected);
	}
}

static struct kunit_case seccomp_text_cases[] = {
	KUNIT_CASE(seccomp_text_numbers),
	KUNIT_CASE(seccomp_text_strings),
	{ }
};

static struct kunit_suite seccomp_text_suite = {
	.name = "seccomp_text",
	.test_cases = seccomp_text_cases,
};

kunit_test_suite(seccomp_text_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
