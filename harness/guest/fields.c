// SPDX-License-Identifier: GPL-2.0
/*
 * Print how libauparse parses the records of a file: for each field a line with
 * name, raw value and interpretation, separated by tabs; an empty line after
 * each record.
 */
#include <auparse.h>
#include <stdio.h>
#include <string.h>

static void print_record(auparse_state_t *au)
{
	if (!auparse_first_field(au))
		return;
	do {
		printf("%s\t%s\t", auparse_get_field_name(au),
		       auparse_get_field_str(au));
		printf("%s\n", auparse_interpret_field(au));
	} while (auparse_next_field(au) > 0);
	putchar('\n');
}

int main(int argc, char **argv)
{
	auparse_state_t *au;

	if (argc != 3) {
		fputs("usage: fields TYPE FILE\n", stderr);
		return 2;
	}
	au = auparse_init(AUSOURCE_FILE, argv[2]);
	if (!au) {
		perror(argv[2]);
		return 1;
	}
	while (auparse_next_event(au) > 0) {
		auparse_first_record(au);
		do {
			if (!strcmp(auparse_get_type_name(au), argv[1]))
				print_record(au);
		} while (auparse_next_record(au) > 0);
	}
	auparse_destroy(au);
	return 0;
}
