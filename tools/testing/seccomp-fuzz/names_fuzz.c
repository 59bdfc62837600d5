// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes ranges.c, action_names.c and sysctl.c: what is written as text is read
 * back as the same set, nothing is lost, and no buffer is overrun.
 */
#include "bytes.h"

#include "../../../kernel/seccomp/abi.h"
#include "../../../kernel/seccomp/internal.h"
#include "../../../kernel/seccomp/log.h"
#include "../../../kernel/seccomp/program.h"
#include "../../../kernel/seccomp/ranges.h"
#include "../selftests/seccomp/ranges.h"

#define RANGES_MAX	8
#define NUMBERS_MAX	64

static const u32 arches[] = { SECCOMP_ARCH_NATIVE, AUDIT_ARCH_ALPHA };

/* Ranges */

struct number {
	u32 arch;
	u32 nr;
};

static bool ranges_have(const struct seccomp_range *ranges, unsigned int nr,
			u32 arch, u32 number)
{
	for (unsigned int i = 0; i < nr; i++)
		if (ranges[i].arch == arch && number >= ranges[i].first &&
		    number <= ranges[i].last)
			return true;
	return false;
}

/* Print them into @size bytes: all that fit, complete, and no more. */
static void expect_printed(const struct seccomp_range *ranges, unsigned int nr,
			   size_t size)
{
	char *buf = malloc(size);
	unsigned int printed = seccomp_ranges_print(buf, size, ranges, nr);
	const char *text = buf;
	size_t next;
	u32 first, last;

	EXPECT(printed <= nr);
	for (unsigned int i = 0; i < printed; i++) {
		if (i)
			EXPECT(*text++ == ',');
		text = ranges_next(text, &first, &last);
		EXPECT(text && first == ranges[i].first &&
		       last == ranges[i].last);
	}
	EXPECT(!*text);
	if (printed < nr) {
		next = ranges[printed].first == ranges[printed].last ?
		       snprintf(NULL, 0, "%u", ranges[printed].first) :
		       snprintf(NULL, 0, "%u-%u", ranges[printed].first,
				ranges[printed].last);
		EXPECT(strlen(buf) + !!printed + next >= size);
	}
	free(buf);
}

/*
 * Sort those of an architecture: the same numbers, and a set as text. Returns
 * how many numbers.
 */
static unsigned long expect_sorted(const struct seccomp_range *ranges,
				   unsigned int nr, u32 arch, size_t size)
{
	struct seccomp_range sorted[RANGES_MAX], some[RANGES_MAX];
	char text[RANGES_MAX * 22];
	unsigned int some_nr = 0, sorted_nr;

	for (unsigned int i = 0; i < nr; i++)
		if (ranges[i].arch == arch)
			some[some_nr++] = ranges[i];
	memcpy(sorted, some, sizeof(some));
	sorted_nr = seccomp_ranges_sort(sorted, some_nr);

	for (unsigned int i = 0; i < some_nr; i++) {
		EXPECT(ranges_have(sorted, sorted_nr, arch, some[i].first));
		EXPECT(ranges_have(sorted, sorted_nr, arch, some[i].last));
	}
	for (unsigned int i = 0; i < sorted_nr; i++) {
		u32 before = sorted[i].first - 1, after = sorted[i].last + 1;

		EXPECT(ranges_have(some, some_nr, arch, sorted[i].first));
		EXPECT(ranges_have(some, some_nr, arch, sorted[i].last));
		EXPECT(!sorted[i].first ||
		       !ranges_have(some, some_nr, arch, before));
		EXPECT(!after || !ranges_have(some, some_nr, arch, after));
	}
	EXPECT(seccomp_ranges_print(text, sizeof(text), sorted, sorted_nr) ==
	       sorted_nr);
	EXPECT(!sorted_nr || ranges_valid(text));
	expect_printed(sorted, sorted_nr, size);
	return sorted_nr ? ranges_size(text) : 0;
}

/* Add numbers to a set of limited size. */
static void fuzz_added(struct bytes *in)
{
	struct number numbers[NUMBERS_MAX];
	struct seccomp_range *ranges;
	/* ranges of different architectures cannot be joined */
	unsigned int max = ARRAY_SIZE(arches) + 1 +
			   byte(in) % (RANGES_MAX - ARRAY_SIZE(arches));
	size_t size = 1 + byte(in);
	unsigned int nr = 0, added = 0, distinct = 0;
	unsigned long sum = 0;
	bool joined = false;
	u32 last = 0;

	ranges = malloc(max * sizeof(*ranges));
	while (in->at < in->end && added < NUMBERS_MAX) {
		struct number *number = &numbers[added++];
		u8 how = byte(in);

		number->arch = arches[how & 1];
		if (how & 0x80)
			last = word(in);
		else
			last += (how >> 1) - 32;
		number->nr = last;
		if (!ranges_have(ranges, nr, number->arch, last)) {
			distinct++;
			joined |= nr == max;
		}
		nr = seccomp_ranges_add(ranges, nr, max, number->arch, last);
		EXPECT(nr && nr <= max);
		EXPECT(ranges_have(ranges, nr, number->arch, last));
	}

	/* never too few, and exactly these unless ranges were joined */
	for (unsigned int i = 0; i < added; i++)
		EXPECT(ranges_have(ranges, nr, numbers[i].arch, numbers[i].nr));
	for (int i = 0; i < ARRAY_SIZE(arches); i++)
		sum += expect_sorted(ranges, nr, arches[i], size);
	EXPECT(joined || sum == distinct);
	free(ranges);
}

/* The ranges of a bitmap */
static void fuzz_bits(struct bytes *in)
{
	DECLARE_BITMAP(bits, 256) = {};
	struct seccomp_range *ranges;
	unsigned int from = byte(in) % 100, count = byte(in) % 156;
	u32 number = word(in);
	size_t size = 1 + byte(in);
	unsigned int nr;

	for (unsigned int i = 0; i < 256; i += 8)
		bits[BIT_WORD(i)] |= (u64)byte(in) << i % 64;
	number = min(number, U32_MAX - count);
	ranges = malloc((count + 1) / 2 * sizeof(*ranges));
	nr = seccomp_ranges_of_bits(ranges, bits, from, count, arches[0],
				    number);
	for (unsigned int i = 0; i < count; i++)
		EXPECT(ranges_have(ranges, nr, arches[0], number + i) ==
		       test_bit(from + i, bits));
	for (unsigned int i = 0; i < nr; i++)
		EXPECT(ranges[i].first >= number &&
		       ranges[i].last < number + count);
	expect_printed(ranges, nr, size);
	free(ranges);
}

/* Sysctls */

u32 seccomp_actions_logged;
u32 seccomp_actions_logged_audited;
u32 seccomp_actions_logged_once;
int seccomp_share_programs;

extern int (*const shim_initcall_seccomp_sysctl_init)(void);

static struct ctl_table *sysctls;
static bool privileged;

/* The last record of a change */
static struct {
	char actions[256];
	char old_actions[256];
	int records;
	bool done;
} logged;

void *register_sysctl(const char *path, struct ctl_table *table)
{
	sysctls = table;
	return table;
}

bool capable(int cap)
{
	return privileged;
}

void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done)
{
	strcpy(logged.actions, actions);
	strcpy(logged.old_actions, old_actions);
	logged.records++;
	logged.done = done;
}

/* Read a string, as the kernel does it without what only matters for writing */
int proc_dostring(struct ctl_table *table, int write, void *buffer,
		  size_t *lenp, loff_t *ppos)
{
	size_t len = strnlen(table->data, table->maxlen);
	const char *data = table->data;

	EXPECT(!write && len < table->maxlen);
	if (*ppos >= len) {
		*lenp = 0;
		return 0;
	}
	*lenp = min(*lenp, len - *ppos);
	memcpy(buffer, data + *ppos, *lenp);
	*ppos += *lenp;
	return 0;
}

int proc_dointvec_minmax(struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos)
{
	return 0;
}

/* What the text means: -1 if it has a name that is not one of an action */
static int meaning(const char *text, size_t len, char separator)
{
	int set = 0;

	while (len) {
		const char *end = memchr(text, separator, len);
		size_t size = end ? end - text : len;
		int action = -1;

		for (int i = 0; i < SECCOMP_ACTION_ALLOW; i++)
			if (size == strlen(seccomp_actions[i].name) &&
			    !strncmp(text, seccomp_actions[i].name, size))
				action = i;
		if (size && action < 0)
			return -1;
		if (size)
			set |= 1 << action;
		size += !!end;
		text += size;
		len -= size;
	}
	return set;
}

/* Text of names and of anything else, in memory of just its size */
static char *get_text(struct bytes *in, size_t *len)
{
	char text[8192];
	char *copy;

	*len = 0;
	while (in->at < in->end && *len < sizeof(text) - 1100) {
		u8 what = byte(in);
		size_t count;

		if (what < 0x80) {
			text[(*len)++] = what;
		} else if (what < 0xf0) {
			const char *name = seccomp_actions[what & 7].name;

			count = strlen(name) - (what >= 0xe0);
			memcpy(text + *len, name, count);
			*len += count;
			if (what & 8)
				text[(*len)++] = ' ';
		} else {
			count = 4 * byte(in);
			memset(text + *len, ' ', count);
			*len += count;
		}
	}
	if (*len && byte(in) & 1)
		text[(*len)++] = '\n';
	if (*len && byte(in) & 1)
		text[(*len)++] = '\0';
	copy = malloc(*len);
	memcpy(copy, text, *len);
	return copy;
}

static int expected_set(const char *text, size_t len)
{
	if (len > SECCOMP_ACTION_NAMES_MAX)
		return -1;
	if (len && !text[len - 1])
		len--;
	if (len && text[len - 1] == '\n')
		len--;
	return meaning(text, len, ' ');
}

static void fuzz_write(struct bytes *in)
{
	u8 how = byte(in);
	struct ctl_table *sysctl = &sysctls[1 + how % 3];
	loff_t pos = how & 0x10 ? 1 + byte(in) : 0;
	u32 *value = sysctl->data;
	u32 old = *value = byte(in) & SECCOMP_ACTIONS_LOGGABLE;
	int records = logged.records;
	loff_t end = pos;
	size_t len, written;
	char *text = get_text(in, &len);
	int set = pos ? -1 : expected_set(text, len);
	int expected, err;

	privileged = !(how & 0x20);
	expected = !privileged ? -EPERM : set < 0 ? -EINVAL : 0;
	written = len;
	err = sysctl->proc_handler(sysctl, 1, text, &written, &end);
	EXPECT(err == expected);
	EXPECT(*value == (err ? old : set) && written == len);
	EXPECT(end == (err ? pos : len));

	EXPECT(logged.records == records + 1 && logged.done == !err);
	EXPECT(!strcmp(logged.old_actions, "(none)") ? !old :
	       meaning(logged.old_actions, strlen(logged.old_actions), ',') == old);
	EXPECT(!strcmp(logged.actions, "?") ? set < 0 :
	       !strcmp(logged.actions, "(none)") ? !set :
	       meaning(logged.actions, strlen(logged.actions), ',') == set);
	free(text);
}

/* Read a set in pieces, and print it into too little memory. */
static void fuzz_read(struct bytes *in)
{
	u8 how = byte(in);
	struct ctl_table *sysctl = &sysctls[1 + how % 3];
	size_t step = 1 + byte(in) % 64, size = 1 + byte(in);
	u32 set = byte(in) & SECCOMP_ACTIONS_LOGGABLE;
	char whole[256], *piece = malloc(step), *cut = malloc(size);
	size_t len, total = 0;
	loff_t pos = 0;

	*(u32 *)sysctl->data = set;
	do {
		len = step;
		EXPECT(!sysctl->proc_handler(sysctl, 0, piece, &len, &pos));
		EXPECT(len <= step && total + len < sizeof(whole));
		memcpy(whole + total, piece, len);
		total += len;
	} while (len);
	whole[total] = '\0';
	EXPECT(expected_set(whole, total) == set);

	seccomp_action_names_print(cut, size, set, " ");
	EXPECT(strlen(cut) == min(size - 1, total));
	EXPECT(!strncmp(cut, whole, strlen(cut)));
	free(piece);
	free(cut);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bytes in = { data, data + size };

	if (!sysctls)
		EXPECT(!shim_initcall_seccomp_sysctl_init() && sysctls);
	switch (byte(&in) % 4) {
	case 0:
		fuzz_added(&in);
		break;
	case 1:
		fuzz_bits(&in);
		break;
	case 2:
		fuzz_write(&in);
		break;
	default:
		fuzz_read(&in);
	}
	return 0;
}
