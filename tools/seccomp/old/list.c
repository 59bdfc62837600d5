// SPDX-License-Identifier: GPL-2.0
/*
 * From an audit log to the calls that were logged and allowed.
 */
#include <auparse.h>
#include <errno.h>
#include <libaudit.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "old.h"

/* A number as the record has it, not as auparse would interpret it */
static bool field(auparse_state_t *log, const char *name, int base,
		  unsigned long *value)
{
	const char *text;
	char *end;

	auparse_first_field(log);
	text = auparse_find_field(log, name);
	if (!text)
		return false;
	errno = 0;
	*value = strtoul(text, &end, base);
	return !errno && end != text && !*end;
}

static void pass_over(auparse_state_t *log)
{
	const char *text = auparse_get_record_text(log);

	complain("passed over: not in the form of a seccomp record: %s",
		 text ? text : "no text");
}

static void take_record(auparse_state_t *log, struct call_set *set,
			struct filters *filters)
{
	unsigned long arch, nr, code, id;

	if (!field(log, "arch", 16, &arch) || !field(log, "syscall", 10, &nr) ||
	    !field(log, "code", 0, &code)) {
		pass_over(log);
		return;
	}
	if (code == SECCOMP_RET_LOG)
		call_set_add(set, call_from_audit(arch, nr));
	/* which other kernels do not have */
	else if (field(log, "filter", 16, &id) && id)
		filters_find(filters, id)->refuses = true;
}

/* Other records of that type are not ours. */
static void take_closing(auparse_state_t *log, struct filters *filters)
{
	unsigned long id, lost, arch;
	const char *text;

	auparse_first_field(log);
	text = auparse_find_field(log, "op");
	if (!text || strcmp(text, "seccomp-filter-gone"))
		return;
	if (field(log, "filter", 16, &id) && field(log, "lost", 10, &lost) &&
	    field(log, "arch", 16, &arch)) {
		struct filter *filter = filters_find(filters, id);

		auparse_first_field(log);
		text = auparse_find_field(log, "syscalls");
		filter->lost = lost;
		if (text && filter_named(filter, arch, text))
			return;
	}
	pass_over(log);
}

static void take(auparse_state_t *log, struct call_set *set,
		 struct filters *filters)
{
	int type = auparse_get_type(log);

	if (type == AUDIT_SECCOMP)
		take_record(log, set, filters);
	else if (type == AUDIT_KERNEL_OTHER)
		take_closing(log, filters);
}

int list_log(const char *path, bool complete)
{
	struct filters filters = {};
	struct call_set set = {};
	auparse_state_t *log;
	int more;

	errno = 0;
	if (path)
		log = auparse_init(AUSOURCE_FILE, path);
	else
		log = auparse_init(AUSOURCE_FILE_POINTER, stdin);
	if (!log) {
		complain("%s: %s", path ? path : "standard input",
			 strerror(errno ? errno : EIO));
		return STATUS_FAILED;
	}

	while ((more = auparse_next_event(log)) > 0) {
		do {
			take(log, &set, &filters);
		} while (auparse_next_record(log) > 0);
	}
	if (more < 0)
		complain("%s: %s", path ? path : "standard input",
			 strerror(errno));
	auparse_destroy(log);

	filters_complete(&filters, &set, complete);
	filters_free(&filters);
	call_set_print(&set, stdout);
	call_set_free(&set);
	return more < 0 ? STATUS_FAILED : STATUS_OK;
}
