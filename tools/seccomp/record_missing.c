// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that say that others are missing.
 */
#include <stdlib.h>
#include <string.h>

#include "record.h"

/* The kernel counts in 32 bits */
static uint64_t number_at(const char *text)
{
	uint64_t number = strtoull(text, NULL, 10);

	return number < UINT32_MAX ? number : UINT32_MAX;
}

static uint64_t number_before(const char *line, const char *at)
{
	uint64_t number = 0;
	uint64_t scale = 1;

	while (at > line && at[-1] >= '0' && at[-1] <= '9') {
		number += scale * (*--at - '0');
		scale *= 10;
	}
	return number && number < UINT32_MAX ? number : 1;
}

/* Lines of the kernel and of log daemons that say what is not there */
void record_parse_missing(struct record *record, const char *line)
{
	static const char lost[] = "audit: audit_lost=";
	static const struct {
		const char *text;
		bool counted;	/* a number stands in front */
		bool kernel;
	} sayings[] = {
		{ " callbacks suppressed", true, true },
		{ " printk messages dropped", true, true },
		{ "audit: kauditd hold queue overflow", false, true },
		{ "audit: backlog limit exceeded", false, true },
		{ "audit: rate limit exceeded", false, true },
		{ " messages lost due to rate-limiting", true, false },
	};
	const char *at = strstr(line, lost);

	if (at && record_is_kernel(line, at)) {
		record->audit_lost = number_at(at + sizeof(lost) - 1);
		record->kind = RECORD_MISSING;
		record->missing = 1;
		return;
	}
	at = strstr(line, "systemd-journald[");
	if (at)
		at = strstr(at, "]: Suppressed ");
	if (at) {
		record->missing = number_at(at + strlen("]: Suppressed "));
		record->kind = RECORD_MISSING;
		return;
	}
	for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
		at = strstr(line, sayings[i].text);
		if (!at)
			continue;
		record->missing = sayings[i].counted ?
			number_before(line, at) : 1;
		/* of all that the kernel says less often, only audit's */
		if (!strcmp(sayings[i].text, " callbacks suppressed") &&
		    !strstr(line, "kauditd_printk_skb: "))
			return;
		if (sayings[i].kernel) {
			const char *message = strstr(line, "kauditd_printk_skb");

			if (!message)
				message = strstr(line, "audit: ");
			if (!message)
				message = strstr(line, "** ");
			if (!message || !record_is_kernel(line, message))
				return;
		}
		record->kind = RECORD_MISSING;
		return;
	}
}
