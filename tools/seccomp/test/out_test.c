// SPDX-License-Identifier: GPL-2.0
#include <locale.h>
#include <stdlib.h>

#include "out.h"
#include "tap.h"

static void test_escape(const char *text, const char *expected)
{
	char buffer[256];

	IS(escape_into(buffer, sizeof(buffer), text), expected, "escape: %s",
	   expected);
}

static void test_table(void)
{
	static const char *const rows[][3] = {
		{ "3", "faccessat2", "sh[77]" },
		{ "1,000", "prctl", NULL },
		{ NULL, NULL, "a\nb" },
	};
	struct table table = { .columns = 3, .right = 1 };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	for (size_t i = 0; i < 3; i++)
		table_add(&table, rows[i]);
	table_print(&table, out, 2);
	fclose(out);
	IS(text, "      3  faccessat2  sh[77]\n  1,000  prctl\n"
	   "                     a\\x0ab\n", "table");
	free(text);
	table_free(&table);
	OK(!table.count, "table: is empty again");
}

static void test_json(void)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	print_json_string(out, "a\"\\\n\177\xc3\xa4\xff\xc0\x80");
	fclose(out);
	IS(text, "\"a\\\"\\\\\\u000a\\u007f\xc3\xa4\\ufffd\\ufffd\\ufffd\"",
	   "a JSON string");
	free(text);
}

int main(void)
{
	char buffer[NUMBER_MAX];
	char small[4];

	setlocale(LC_CTYPE, "C.UTF-8");
	test_escape("ls -l", "ls -l");
	test_escape(NULL, "?");
	test_escape("a\\x0a", "a\\\\x0a");
	test_escape("\033[2J\n\t\177", "\\x1b[2J\\x0a\\x09\\x7f");
	test_escape("\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac");
	test_escape("\xc3", "\\xc3");
	test_escape("\xff\xc0\x80", "\\xff\\xc0\\x80");
	test_escape("\xe2\x80\xae", "\\xe2\\x80\\xae");
	test_escape("\xc2\x9b", "\\xc2\\x9b");
	test_escape("\xed\xa0\x80", "\\xed\\xa0\\x80");
	IS(escape_into(small, sizeof(small), "\n"), "", "never half an escape");
	IS(escape_into(small, sizeof(small), "abcd"), "abc", "the buffer's size");

	IS(number_text(0, buffer), "0", "0");
	IS(number_text(999, buffer), "999", "999");
	IS(number_text(1000, buffer), "1,000", "1000");
	IS(number_text(UINT64_MAX, buffer), "18,446,744,073,709,551,615", "2^64-1");
	test_table();
	test_json();

	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	IS(style_for(stdout)->bold, "", "NO_COLOR");
	options.color = COLOR_ALWAYS;
	IS(style_for(stdout)->bold, "\033[1m", "--color=always");
	options.color = COLOR_NEVER;
	IS(style_for(stdout)->bold, "", "--color=never");
	return done_testing();
}
