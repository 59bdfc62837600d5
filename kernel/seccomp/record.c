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
 * All fields of a record but the strings "subj=" and "exe=". Strings are cut, so
 * that no field is lost.
 */
#define FIELDS_TEXT	440
#define STRINGS_TEXT	(RECORD_TEXT - FIELDS_TEXT)

/**
 * struct record_strings - the strings of a record that may be long
 * @label: of the security module; NULL for none
 * @full_len: its length, for security_release_secctx()
 * @label_len: how much of it is written
 * @exe: the quoted path of the executable
 * @exe_len: its length
 */
struct record_strings {
	char *label;
	u32 full_len;
	unsigned int label_len;
	unsigned int exe_len;
	char exe[STRINGS_TEXT];
};

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

/* The label of current. Returns NULL if there is none. */
static char *get_label(u32 *len)
{
	char *label;
	u32 id;
	int err;

	security_current_getsecid_subj(&id);
	if (!id)
		return NULL;
	err = security_secid_to_secctx(id, &label, len);
	if (!err)
		return label;
	if (err != -EINVAL)
		audit_panic("error in the label of a seccomp record");
	return NULL;
}

static void get_strings(struct record_strings *strings)
{
	struct text text = TEXT_IN(strings->exe);

	strings->label_len = 0;
	strings->label = get_label(&strings->full_len);
	if (strings->label) {
		strings->label_len = strnlen(strings->label,
					     min_t(u32, strings->full_len,
						   STRINGS_TEXT / 2));
		text.limit -= strings->label_len;
	}
	text_add_exe(&text);
	strings->exe_len = text.end - strings->exe;
}

static void put_strings(struct record_strings *strings)
{
	if (strings->label)
		security_release_secctx(strings->label, strings->full_len);
}

/* In the initial user namespace. Processes without a login have none. */
static void add_id(struct text *text, u32 id)
{
	if (id == AUDIT_SID_UNSET)
		text_add(text, "4294967295");
	else
		text_add_dec(text, id);
}

/*
 * "auid= uid= gid= ses= [subj=] pid= comm= exe=", as in audit's other records
 */
static void add_task(struct text *text, const struct record_strings *strings)
{
	char comm[TASK_COMM_LEN];
	kuid_t uid;
	kgid_t gid;

	current_uid_gid(&uid, &gid);
	text_add(text, "auid=");
	add_id(text, __kuid_val(audit_get_loginuid(current)));
	text_add(text, " uid=");
	add_id(text, __kuid_val(uid));
	text_add(text, " gid=");
	add_id(text, __kgid_val(gid));
	text_add(text, " ses=");
	add_id(text, audit_get_sessionid(current));
	if (strings->label) {
		text_add(text, " subj=");
		text_add_bytes(text, strings->label, strings->label_len);
	}

	text_add(text, " pid=");
	text_add_dec(text, task_tgid_nr(current));
	text_add(text, " comm=");
	text_add_untrusted(text, get_task_comm(comm, current));
	text_add(text, " exe=");
	text_add_bytes(text, strings->exe, strings->exe_len);
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
	bool hidden = kernel_log_is_public() && !seccomp_record_has_daemon();

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
		text_add_bytes(text, names[i], 4);
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
	struct record_strings strings;
	enum seccomp_record result;
	struct audit_buffer *ab;
	struct sk_buff *skb;
	unsigned int room;
	u64 number = 0;

	ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_SECCOMP);
	result = ab ? RECORD_TAKEN : seccomp_record_none(AUDIT_SECCOMP);
	if (log && (result == RECORD_TAKEN || result == RECORD_REFUSED))
		number = atomic64_inc_return(&log->records);
	if (!ab)
		return result;

	get_strings(&strings);
	room = FIELDS_TEXT + strings.label_len + strings.exe_len;
	skb = audit_log_room(ab, room);
	if (skb) {
		char *start = skb_tail_pointer(skb);
		struct text text = {
			.end = start,
			.limit = start + room,
		};

		add_task(&text, &strings);
		add_call(&text, sd, verdict, sig);
		text_add(&text, " filter=");
		text_add_hex(&text, log ? log->id : 0);
		text_add(&text, " retdata=0x");
		text_add_hex(&text, verdict->data);
		text_add(&text, " seq=");
		text_add_u64(&text, number);
		text_end(&text);
		skb_put(skb, text.end - start);
	} else {
		result = RECORD_REFUSED;
	}
	put_strings(&strings);
	return audit_log_end(ab) ? result : RECORD_REFUSED;
}
