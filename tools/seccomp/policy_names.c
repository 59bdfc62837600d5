// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: names of actions and operators, and times.
 */
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

const char *time_text(int64_t time_ms, char *text)
{
	time_t seconds = time_ms / 1000;
	int millis = time_ms % 1000;
	struct tm tm;
	size_t length;

	gmtime_r(&seconds, &tm);
	length = strftime(text, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
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
	*time_ms = (int64_t)timegm(&tm) * 1000 + millis;
	return *time_ms >= 0 && !strcmp(time_text(*time_ms, again), text);
}
