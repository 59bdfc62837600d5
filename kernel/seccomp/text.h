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
 * @end: where the next character goes
 * @limit: strings are cut here; for numbers and literals there must be room
 */
struct text {
	char *end;
	char *limit;
};

/* Text in an array of characters, with room for a NUL */
#define TEXT_IN(array)	{ .end = (array), .limit = (array) + sizeof(array) - 1 }

static __always_inline void text_add_bytes(struct text *text, const char *bytes,
					   size_t len)
{
	char *end = text->end;

	memcpy(end, bytes, len);
	text->end = end + len;
}

static __always_inline void text_add(struct text *text, const char *literal)
{
	text_add_bytes(text, literal, strlen(literal));
}

static inline void text_add_hex(struct text *text, u64 number)
{
	unsigned int digits = number ? DIV_ROUND_UP(fls64(number), 4) : 1;
	char *digit = text->end + digits;

	text->end = digit;
	do {
		*--digit = hex_asc_lo(number);
		number >>= 4;
	} while (number);
}

static inline unsigned int dec_digits(u32 number)
{
	static const u32 powers[] = {
		0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
		1000000000,
	};
	/* log10(2) is a little less than 1234/4096. */
	unsigned int digits = fls(number) * 1234 >> 12;

	return digits + (number >= powers[digits]);
}

/* Of at most 32 bits, with a sign or without */
static inline void text_add_dec(struct text *text, s64 number)
{
	u32 rest = abs(number);
	char *digit = text->end;

	if (number < 0)
		*digit++ = '-';
	digit += dec_digits(rest);
	text->end = digit;
	do {
		*--digit = '0' + rest % 10;
		rest /= 10;
	} while (rest);
}

static inline void text_end(struct text *text)
{
	*text->end = '\0';
}

/* text.c */
void text_add_u64(struct text *text, u64 number);
void text_add_untrusted(struct text *text, const char *string);
bool text_add_exe(struct text *text);

#endif /* _KERNEL_SECCOMP_TEXT_H */
