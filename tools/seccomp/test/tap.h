/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unit tests: TAP on standard output.
 *
 *	int main(void)
 *	{
 *		OK(1 + 1 == 2, "sums");
 *		return done_testing();
 *	}
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int tests_run;
static unsigned int tests_failed;

/* OK(condition, name as for printf) - one test */
#define OK(condition, ...) do {						\
	bool ok_ = (condition);						\
									\
	tests_failed += !ok_;						\
	printf("%sok %u ", ok_ ? "" : "not ", ++tests_run);		\
	printf(__VA_ARGS__);						\
	printf("\n");							\
	if (!ok_)							\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);\
} while (0)

/* IS(text, expected text, name...) - the texts are equal; NULL is a text */
#define IS(got, expected, ...) do {					\
	const char *got_ = (got);					\
	const char *expected_ = (expected);				\
	bool same_ = got_ && expected_ ? !strcmp(got_, expected_) :	\
		got_ == expected_;					\
									\
	OK(same_, __VA_ARGS__);						\
	if (!same_)							\
		printf("# got:      %s\n# expected: %s\n",		\
		       got_ ? got_ : "(null)",				\
		       expected_ ? expected_ : "(null)");		\
} while (0)

static inline int done_testing(void)
{
	printf("1..%u\n", tests_run);
	return tests_failed != 0;
}

#endif /* TAP_H */
