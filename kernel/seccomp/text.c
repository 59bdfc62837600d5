// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: strings in the text of audit records.
 */

#include <linux/audit.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <kunit/visibility.h>

#include "text.h"

#ifndef CONFIG_AUDIT
/* There are no records. */
# define audit_string_contains_control(string, len)	false
#endif

/* Most paths are shorter and need no memory. */
#define SHORT_PATH	160

/* In place of the beginning of a string that was cut. No path starts so. */
#define CUT		"..."

/**
 * text_add_u64() - add a number of up to 64 bits, decimal
 * @text: with room for 20 bytes
 * @number: the number
 *
 * Context: Any.
 */
void text_add_u64(struct text *text, u64 number)
{
	if (number <= U32_MAX)
		text_add_dec(text, number);
	else
		text->end += sprintf(text->end, "%llu", number);
}
EXPORT_SYMBOL_IF_KUNIT(text_add_u64);

/**
 * text_add_untrusted() - add a string that may contain anything
 * @text: with room for the quotes and %CUT
 * @string: the string
 *
 * As audit_log_untrustedstring(). The beginning of a string that is too long is
 * replaced by %CUT.
 *
 * Context: Any.
 */
void text_add_untrusted(struct text *text, const char *string)
{
	size_t room = text->limit - text->end;
	size_t len = strlen(string);
	bool hex = audit_string_contains_control(string, len);
	size_t max = hex ? room / 2 : room - 2;
	char *end = text->end;
	size_t cut = 0;

	if (len > max) {
		cut = strlen(CUT);
		string += len - (max - cut);
		len = max - cut;
	}

	if (hex) {
		for (size_t i = 0; i < cut; i++)
			end = hex_byte_pack_upper(end, CUT[i]);
		for (size_t i = 0; i < len; i++)
			end = hex_byte_pack_upper(end, string[i]);
	} else {
		*end++ = '"';
		memcpy(end, CUT, cut);
		memcpy(end + cut, string, len);
		end += cut + len;
		*end++ = '"';
	}
	text->end = end;
}
EXPORT_SYMBOL_IF_KUNIT(text_add_untrusted);

/**
 * text_add_exe() - add the path of current's executable
 * @text: with room for the quotes and %CUT
 *
 * Context: Task context, may sleep.
 * Return: false without memory; then the text has "<no_memory>", as in audit.
 */
bool text_add_exe(struct text *text)
{
	struct file *exe = current->mm ? get_mm_exe_file(current->mm) : NULL;
	char short_buf[SHORT_PATH], *buf = NULL, *path;

	if (!exe) {
		text_add(text, "(null)");
		return true;
	}

	path = d_path(&exe->f_path, short_buf, sizeof(short_buf));
	if (path == ERR_PTR(-ENAMETOOLONG)) {
		buf = __getname();
		path = buf ? d_path(&exe->f_path, buf, PATH_MAX) :
			     ERR_PTR(-ENOMEM);
	}
	if (!IS_ERR(path))
		text_add_untrusted(text, path);
	else if (path == ERR_PTR(-ENOMEM))
		text_add(text, "\"<no_memory>\"");
	else
		text_add(text, "\"<too_long>\"");
	if (buf)
		__putname(buf);
	fput(exe);
	return path != ERR_PTR(-ENOMEM);
}
