/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock and the memory, for the programs that measure inside the guest.
 *
 * The clock is the time stamp counter. Under QEMU's -icount shift=0 it counts
 * the guest's instructions, so the numbers are the same in every run.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline unsigned long now(void)
{
	unsigned int low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (unsigned long)high << 32 | low;
}

static inline unsigned long min_time(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

/* Let kernel threads complete the work of the last measurement. */
static inline void settle(void)
{
	usleep(100000);
}

/*
 * The memory that the kernel uses, in bytes. MemFree is not suitable: it does
 * not include free pages on the lists of the CPUs.
 */
static inline long memory_used(void)
{
	static const char * const fields[] = { "\nSlab:", "\nVmallocUsed:", "\nPercpu:" };
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	char text[4096] = "";
	long sum = 0;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		err(1, "meminfo");
	close(fd);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		char *field = strstr(text, fields[i]);

		if (!field)
			errx(1, "meminfo: no %s", fields[i] + 1);
		sum += atol(field + strlen(fields[i]));
	}
	return sum * 1024;
}

#endif /* BENCH_MEASURE_H */
