// SPDX-License-Identifier: GPL-2.0
/*
 * What sclog says on standard error.
 */
#include <stdarg.h>

#include "old.h"

void complain(const char *format, ...)
{
	va_list args;

	fputs("sclog: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
