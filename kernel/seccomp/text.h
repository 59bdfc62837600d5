/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building the text of audit records. Numbers do not go through vsnprintf(),
 * which takes several times as long.
 */
#ifndef _KERNEL_SECCOMP_TEXT_H
#define _KERNEL_SECCOMP_TEXT_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct text - text that is being built
 * @buf: memory
 * @len: length so far
 * @size: maximal length. Strings are cut at this length; for numbers and
 *	literals there must be room.
 */
struct text {
	char *buf;
	unsigned int len;
	unsigned int size;
};

/* Text in an array of characters, with room for a NUL */
#define TEXT_IN(array)	{ .buf = (array), .size = sizeof(array) - 1 }

static __always_inline void text_add(struct text *text, const char *literal)
{
	size_t len = strlen(literal);

	memcpy(text->buf + text->len, literal, len);
	text->len += len;
}

static inline void text_add_hex(struct text *text, u64 number)
{
	int shift = number ? round_down(fls64(number) - 1, 4) : 0;

	for (; shift >= 0; shift -= 4)
		text->buf[text->len++] = hex_asc_lo(number >> shift);
}

/* Of at most 32 bits, with a sign or without */
static inline void text_add_dec(struct text *text, s64 number)
{
	u32 rest = abs(number);
	char digits[10];
	int nr = 0;

	if (number < 0)
		text->buf[text->len++] = '-';
	do {
		digits[nr++] = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	while (nr)
		text->buf[text->len++] = digits[--nr];
}

static inline void text_end(struct text *text)
{
	text->buf[text->len] = '\0';
}

/* text.c */
void text_add_u64(struct text *text, u64 number);
void text_add_untrusted(struct text *text, const char *string);
bool text_add_exe(struct text *text);

#endif /* _KERNEL_SECCOMP_TEXT_H */
