// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the audit record of a system call.
 */

#include <linux/audit.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/security.h>

#include "../audit.h"
#include "filter_log.h"
#include "internal.h"
#include "record.h"
#include "text.h"

/*
 * Room that is kept for the fields behind a string. A long string is cut, so
 * that no field is lost.
 */
#define AFTER_EXE	280
#define AFTER_LABEL	(120 + AFTER_EXE)

/**
 * seccomp_record_none() - why audit_log_start() returned NULL
 * @type: the type of the record
 *
 * Context: The task that called audit_log_start().
 * Return: Any value but %RECORD_TAKEN.
 */
enum seccomp_record seccomp_record_none(int type)
{
	if (audit_initialized <= 0)
		return RECORD_NEVER;
	return audit_filter(type, AUDIT_FILTER_EXCLUDE) ? RECORD_REFUSED :
							   RECORD_EXCLUDED;
}

#ifdef CONFIG_AUDITSYSCALL
static bool audit_has_rules(void)
{
	return READ_ONCE(audit_n_rules);
}
#else
static bool audit_has_rules(void)
{
	return false;
}
#endif

/**
 * seccomp_record_rules_apply() - do audit rules apply to current?
 *
 * audit_dummy_context() is no help: seccomp runs before audit_syscall_entry(),
 * so the dummy state is that of the previous system call.
 *
 * Context: Task context.
 * Return: true if there are rules and none exempts the task.
 */
bool seccomp_record_rules_apply(void)
{
	return audit_context() && audit_has_rules();
}

/* "subj=", if there are labels. A label that is too long is cut. */
static void add_label(struct text *text)
{
	size_t room;
	char *label;
	u32 id, len;
	int err;

	security_current_getsecid_subj(&id);
	if (!id)
		return;
	err = security_secid_to_secctx(id, &label, &len);
	if (err) {
		if (err != -EINVAL)
			audit_panic("error in the label of a seccomp record");
		return;
	}

	text_add(text, " subj=");
	room = text->size - AFTER_LABEL - text->len;
	room = strnlen(label, min_t(size_t, len, room));
	memcpy(text->buf + text->len, label, room);
	text->len += room;
	security_release_secctx(label, len);
}

/*
 * "auid= uid= gid= ses= [subj=] pid= comm= exe=", as in audit's other records
 */
static void add_task(struct text *text)
{
	char comm[TASK_COMM_LEN];
	kuid_t uid;
	kgid_t gid;

	current_uid_gid(&uid, &gid);
	text_add(text, "auid=");
	text_add_dec(text, from_kuid(&init_user_ns,
				     audit_get_loginuid(current)));
	text_add(text, " uid=");
	text_add_dec(text, from_kuid(&init_user_ns, uid));
	text_add(text, " gid=");
	text_add_dec(text, from_kgid(&init_user_ns, gid));
	text_add(text, " ses=");
	text_add_dec(text, audit_get_sessionid(current));
	add_label(text);

	text_add(text, " pid=");
	text_add_dec(text, task_tgid_nr(current));
	text_add(text, " comm=");
	text_add_untrusted(text, get_task_comm(comm, current));

	text_add(text, " exe=");
	text->size -= AFTER_EXE;
	text_add_exe(text);
	text->size += AFTER_EXE;
}

#ifdef CONFIG_PRINTK
static bool kernel_log_is_public(void)
{
	return !READ_ONCE(dmesg_restrict);
}
#else
static bool kernel_log_is_public(void)
{
	return false;
}
#endif

/* From @sd, not from the registers, which may have changed. */
static void add_call(struct text *text, const struct seccomp_data *sd,
		     const struct seccomp_verdict *verdict, int sig)
{
	static const char * const names[] = {
		" a0=", " a1=", " a2=", " a3=", " a4=", " a5=",
	};
	/* Arguments are secret to those who can read the kernel log. */
	bool hidden = kernel_log_is_public() && !auditd_connected();

	text_add(text, " sig=");
	text_add_dec(text, sig);
	text_add(text, " arch=");
	text_add_hex(text, sd->arch);
	text_add(text, " syscall=");
	text_add_dec(text, sd->nr);
	text_add(text, " compat=");
	text_add_dec(text, in_compat_syscall());
	text_add(text, " ip=0x");
	text_add_hex(text, sd->instruction_pointer);
	text_add(text, " code=0x");
	text_add_hex(text, verdict->action);
	for (int i = 0; i < ARRAY_SIZE(names); i++) {
		memcpy(text->buf + text->len, names[i], 4);
		text->len += 4;
		if (hidden)
			text_add(text, "?");
		else
			text_add_hex(text, sd->args[i]);
	}
}

/**
 * seccomp_record_call() - write the record of an action
 * @sd: the system call as it was evaluated
 * @verdict: the result
 * @sig: the signal that kills the task; 0 if the action does not kill
 * @log: the log of the filter that decided, which numbers the record; NULL if
 *	no filter decided
 *
 * Without an audit daemon the record goes to the kernel log.
 *
 * Context: Task context, may sleep.
 * Return: What audit did with it. An excluded record gets no number.
 */
enum seccomp_record seccomp_record_call(const struct seccomp_data *sd,
					const struct seccomp_verdict *verdict,
					int sig, struct seccomp_filter_log *log)
{
	char buf[RECORD_TEXT + 1];
	struct text text = TEXT_IN(buf);
	enum seccomp_record result;
	struct audit_buffer *ab;
	u64 number = 0;

	ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_SECCOMP);
	result = ab ? RECORD_TAKEN : seccomp_record_none(AUDIT_SECCOMP);
	if (log && (result == RECORD_TAKEN || result == RECORD_REFUSED))
		number = atomic64_inc_return(&log->records);
	if (!ab)
		return result;

	add_task(&text);
	add_call(&text, sd, verdict, sig);
	text_add(&text, " filter=");
	text_add_hex(&text, log ? log->id : 0);
	text_add(&text, " retdata=0x");
	text_add_hex(&text, verdict->data);
	text_add(&text, " seq=");
	text_add_u64(&text, number);
	text_end(&text);
	audit_log_format(ab, "%s", buf);
	return audit_log_end(ab) ? RECORD_TAKEN : RECORD_REFUSED;
}
