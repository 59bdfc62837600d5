/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The input of a fuzzer, byte by byte. Behind its end come zeros.
 */
#ifndef SECCOMP_FUZZ_BYTES_H
#define SECCOMP_FUZZ_BYTES_H

#include "shim.h"

/* Not assert(), which a compiler option turns off */
#define EXPECT(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

struct bytes {
	const u8 *at;
	const u8 *end;
};

static inline u8 byte(struct bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

static inline u32 word(struct bytes *bytes)
{
	u32 value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | byte(bytes);
	return value;
}

#endif /* SECCOMP_FUZZ_BYTES_H */
