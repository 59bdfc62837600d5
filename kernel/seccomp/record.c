// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the audit record of a call.
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
 * Bytes that are always left for what follows a string: from " sig=" to the end
 * behind the executable; before that " pid=", " comm=" and some of " exe=" behind
 * the label.
 */
#define AFTER_EXE	280
#define AFTER_LABEL	(120 + AFTER_EXE)

#ifdef CONFIG_AUDIT
/**
 * seccomp_record_none() - why audit did not begin a record
 * @type: the record's type
 *
 * Context: The task that audit_log_start() gave no buffer.
 * Return: Anything but %RECORD_TAKEN.
 */
enum seccomp_record seccomp_record_none(int type)
{
	if (audit_initialized <= 0)
		return RECORD_NEVER;
	return audit_filter(type, AUDIT_FILTER_EXCLUDE) ? RECORD_REFUSED :
							   RECORD_EXCLUDED;
}

#else
enum seccomp_record seccomp_record_none(int type)
{
	return RECORD_NEVER;
}
#endif

/**
 * seccomp_record_rules_apply() - will audit rules apply to current's call?
 *
 * seccomp runs before audit_syscall_entry(). The context's dummy state is not
 * the answer here: it is that of the system call before, and any record since
 * has cancelled it.
 *
 * Context: Task context.
 * Return: true if the task has a context and there are rules.
 */
bool seccomp_record_rules_apply(void)
{
#ifdef CONFIG_AUDITSYSCALL
	return audit_context() && READ_ONCE(audit_n_rules);
#else
	return false;
#endif
}

/* "subj=", if a security module has labels; one that is too long is cut. */
static void add_label(struct text *text)
{
#ifdef CONFIG_AUDIT
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
#endif
}

/* "auid= uid= gid= ses= [subj=] pid= comm= exe=", as audit's own records */
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

/* May those read the record to whom the caller's registers are a secret? */
static bool is_for_all(void)
{
#ifdef CONFIG_PRINTK
	return !READ_ONCE(dmesg_restrict) && !auditd_connected();
#else
	return false;
#endif
}

/* Everything comes from what was evaluated; the registers may differ by now. */
static void add_call(struct text *text, const struct seccomp_data *sd,
		     const struct seccomp_verdict *verdict, int sig)
{
	static const char * const names[] = {
		" a0=", " a1=", " a2=", " a3=", " a4=", " a5=",
	};
	bool hidden = is_for_all();

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
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it
 * @sig: the signal that goes with it, 0 for none
 * @log: the deciding filter's log, in which the record gets a number; NULL if
 *	no filter decided
 *
 * If auditing is off or nobody listens, the record goes to the kernel log.
 *
 * Context: Task context, may sleep.
 * Return: What audit makes of it. A record that is excluded gets no number.
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
