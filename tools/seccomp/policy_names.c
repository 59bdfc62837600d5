// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: names of actions and operators, and times.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"

static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
};

#define NR_ACTIONS	(sizeof(actions) / sizeof(actions[0]))
#define ACTION_MASK	0xffff0000u

int action_value(uint32_t action)
{
	switch (action & ACTION_MASK) {
	case SCMP_ACT_ERRNO(0):
	case SCMP_ACT_TRACE(0):
		return action & ~ACTION_MASK;
	default:
		return -1;
	}
}

bool action_parse(const char *name, uint16_t value, uint32_t *action)
{
	for (size_t i = 0; i < NR_ACTIONS; i++) {
		if (strcmp(actions[i].name, name))
			continue;
		*action = actions[i].action;
		if (action_value(*action) >= 0)
			*action |= value;
		return true;
	}
	return false;
}

const char *action_name(uint32_t action)
{
	for (size_t i = 0; i < NR_ACTIONS; i++)
		if (actions[i].action == (action & ACTION_MASK))
			return actions[i].name;
	return NULL;
}

static const struct {
	const char *name;
	enum scmp_compare op;
} ops[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

const char *op_name(enum scmp_compare op)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (ops[i].op == op)
			return ops[i].name;
	return NULL;
}

bool op_parse(const char *name, enum scmp_compare *op)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (!strcmp(ops[i].name, name)) {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

/*
 * gmtime_r(), strftime() and timegm() read the time zone, which is of no use
 * here and costs a start of sclog some calls. So days are counted by hand, from
 * 1 March of year 0, where a year ends with the day that it may lack.
 */
#define DAYS_TO_1970	719468
#define DAYS_OF_400	146097
#define DAY_SECONDS	86400

static int64_t days_since_1970(int64_t year, int month, int day)
{
	int64_t in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	year -= month <= 2;
	return 365 * year + year / 4 - year / 100 + year / 400 + in_year -
		DAYS_TO_1970;
}

static void date_of_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t in_400;
	int64_t in_year;
	int64_t of_400;
	int from_march;

	days += DAYS_TO_1970;
	in_400 = days % DAYS_OF_400;
	of_400 = (in_400 - in_400 / 1460 + in_400 / 36524 - in_400 / 146096) /
		365;
	in_year = in_400 - (365 * of_400 + of_400 / 4 - of_400 / 100);
	from_march = (5 * in_year + 2) / 153;
	*day = in_year - (153 * from_march + 2) / 5 + 1;
	*month = from_march < 10 ? from_march + 3 : from_march - 9;
	*year = days / DAYS_OF_400 * 400 + of_400 + (*month <= 2);
}

const char *time_text(int64_t time_ms, char *text)
{
	int64_t seconds = time_ms / 1000;
	int millis = time_ms % 1000;
	int in_day = seconds % DAY_SECONDS;
	int64_t year;
	size_t length;
	int month;
	int day;

	date_of_days(seconds / DAY_SECONDS, &year, &month, &day);
	length = snprintf(text, TIME_TEXT_MAX,
			  "%" PRId64 "-%02d-%02dT%02d:%02d:%02d", year, month,
			  day, in_day / 3600, in_day / 60 % 60, in_day % 60);
	if (millis)
		snprintf(text + length, TIME_TEXT_MAX - length, ".%03dZ", millis);
	else
		snprintf(text + length, TIME_TEXT_MAX - length, "Z");
	return text;
}

bool time_parse(const char *text, int64_t *time_ms)
{
	struct tm tm = {};
	char again[TIME_TEXT_MAX];
	int millis = 0;
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!rest)
		return false;
	if (*rest == '.')
		millis = atoi(rest + 1);
	if (millis < 0 || millis > 999)
		return false;
	*time_ms = days_since_1970(tm.tm_year + 1900, tm.tm_mon + 1,
				   tm.tm_mday) * DAY_SECONDS;
	*time_ms += tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	*time_ms = *time_ms * 1000 + millis;
	return *time_ms >= 0 && !strcmp(time_text(*time_ms, again), text);
}
