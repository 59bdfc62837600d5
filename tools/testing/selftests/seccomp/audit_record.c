// SPDX-License-Identifier: GPL-2.0
#include "common.h"

#include "audit_record.h"
#include "ranges.h"

/*
 * The record must have all fields, in their order, and nothing else. So the
 * fields that were read are printed again, and the texts are compared.
 */
static int parse_seccomp(const char *text, struct seccomp_record *r)
{
	char copy[1024], again[1024];
	char *subj;

	snprintf(copy, sizeof(copy), "%s", text);
	subj = strstr(copy, " subj=");
	if (subj) {
		char *next = strstr(subj, " pid=");

		if (!next)
			return -EBADMSG;
		memmove(subj, next, strlen(next) + 1);
	}
	memset(r, 0, sizeof(*r));
	if (sscanf(copy,
		   "auid=%u uid=%u gid=%u ses=%u pid=%d comm=%63s exe=%511s sig=%d arch=%x syscall=%d compat=%d ip=0x%llx code=0x%x a0=%llx a1=%llx a2=%llx a3=%llx a4=%llx a5=%llx filter=%llx retdata=0x%x seq=%llu",
		   &r->auid, &r->uid, &r->gid, &r->ses, &r->pid, r->comm,
		   r->exe, &r->sig, &r->arch, &r->syscall, &r->compat, &r->ip,
		   &r->code, &r->args[0], &r->args[1], &r->args[2],
		   &r->args[3], &r->args[4], &r->args[5], &r->filter,
		   &r->retdata, &r->seq) != 22)
		return -EBADMSG;
	snprintf(again, sizeof(again),
		 "auid=%u uid=%u gid=%u ses=%u pid=%d comm=%s exe=%s sig=%d arch=%x syscall=%d compat=%d ip=0x%llx code=0x%x a0=%llx a1=%llx a2=%llx a3=%llx a4=%llx a5=%llx filter=%llx retdata=0x%x seq=%llu",
		 r->auid, r->uid, r->gid, r->ses, r->pid, r->comm, r->exe,
		 r->sig, r->arch, r->syscall, r->compat, r->ip, r->code,
		 r->args[0], r->args[1], r->args[2], r->args[3], r->args[4],
		 r->args[5], r->filter, r->retdata, r->seq);
	return strcmp(copy, again) ? -EBADMSG : 0;
}

static int parse_logs(const char *text, struct filter_logs *r)
{
	char again[1024];

	memset(r, 0, sizeof(*r));
	if (sscanf(text,
		   "op=seccomp-filter-logs filter=%llx pid=%d uid=%u comm=%63s exe=%511s insns=%u filter-flags=0x%x",
		   &r->filter, &r->pid, &r->uid, r->comm, r->exe, &r->insns,
		   &r->flags) != 7)
		return -EBADMSG;
	snprintf(again, sizeof(again),
		 "op=seccomp-filter-logs filter=%llx pid=%d uid=%u comm=%s exe=%s insns=%u filter-flags=0x%x",
		 r->filter, r->pid, r->uid, r->comm, r->exe, r->insns, r->flags);
	return strcmp(text, again) ? -EBADMSG : 0;
}

static int parse_gone(const char *text, struct filter_gone *r)
{
	char again[2048];

	memset(r, 0, sizeof(*r));
	if (sscanf(text,
		   "op=seccomp-filter-gone filter=%llx logged=%llu left-out=%llu lost=%llu part=%u/%u arch=%x syscalls=%1023s",
		   &r->filter, &r->logged, &r->left_out, &r->lost, &r->part,
		   &r->parts, &r->arch, r->syscalls) != 8)
		return -EBADMSG;
	snprintf(again, sizeof(again),
		 "op=seccomp-filter-gone filter=%llx logged=%llu left-out=%llu lost=%llu part=%u/%u arch=%x syscalls=%s",
		 r->filter, r->logged, r->left_out, r->lost, r->part, r->parts,
		 r->arch, r->syscalls);
	if (strcmp(text, again) || !r->part || r->part > r->parts ||
	    !ranges_valid(r->syscalls))
		return -EBADMSG;
	return 0;
}

int log_entry_parse(const struct audit_text *record, struct log_entry *entry)
{
	int err;

	entry->serial = record->serial;
	if (record->type == AUDIT_SECCOMP) {
		entry->kind = ENTRY_SECCOMP;
		err = parse_seccomp(record->text, &entry->seccomp);
	} else if (record->type != AUDIT_KERNEL_OTHER) {
		return 0;
	} else if (strstr(record->text, "op=seccomp-filter-logs ")) {
		entry->kind = ENTRY_LOGS;
		err = parse_logs(record->text, &entry->logs);
	} else {
		entry->kind = ENTRY_GONE;
		err = parse_gone(record->text, &entry->gone);
	}
	if (err || !record->serial) {
		printf("# not a valid record: %s\n", record->text);
		return -EBADMSG;
	}
	return 1;
}
