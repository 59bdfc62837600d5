// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers that a seed repeats (splitmix64).
 */
#include "load.h"

static __thread uint64_t state;

uint64_t rnd64(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void rnd_start(uint64_t a, uint64_t b, uint64_t c)
{
	state = a;
	state = rnd64() ^ b;
	state = rnd64() ^ c;
}

uint32_t rnd(uint32_t end)
{
	return (rnd64() >> 32) % end;
}

bool chance(unsigned int percent)
{
	return rnd(100) < percent;
}
