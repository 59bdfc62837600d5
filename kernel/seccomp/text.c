// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: strings in the text of audit records.
 */

#include <linux/audit.h>
#include <linux/dcache.h>
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
		text->len += sprintf(text->buf + text->len, "%llu", number);
}

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
	unsigned int room = text->size - text->len;
	size_t len = strlen(string);
	bool hex = audit_string_contains_control(string, len);
	size_t max = hex ? room / 2 : room - 2;
	size_t cut = 0;

	if (len > max) {
		cut = strlen(CUT);
		string += len - (max - cut);
		len = max - cut;
	}

	if (!hex) {
		text->buf[text->len++] = '"';
		memcpy(text->buf + text->len, CUT, cut);
		memcpy(text->buf + text->len + cut, string, len);
		text->len += cut + len;
		text->buf[text->len++] = '"';
		return;
	}
	for (size_t i = 0; i < cut; i++)
		text->len = hex_byte_pack_upper(text->buf + text->len, CUT[i]) -
			    text->buf;
	for (size_t i = 0; i < len; i++)
		text->len = hex_byte_pack_upper(text->buf + text->len,
						string[i]) - text->buf;
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
	char *buf, *path;

	if (!exe) {
		text_add(text, "(null)");
		return true;
	}

	buf = __getname();
	if (buf) {
		path = d_path(&exe->f_path, buf, PATH_MAX);
		if (IS_ERR(path))
			text_add(text, "\"<too_long>\"");
		else
			text_add_untrusted(text, path);
		__putname(buf);
	} else {
		text_add(text, "\"<no_memory>\"");
	}
	fput(exe);
	return buf;
}
