// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: whether an action is logged, and the record of it.
 */

#include <linux/audit.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "eval.h"
#include "internal.h"
#include "journal.h"
#include "log.h"
#include "once.h"
#include "program.h"
#include "table.h"

/* The actions that may be logged: kernel.seccomp.actions_logged */
u32 seccomp_actions_logged = SECCOMP_ACTIONS_LOGGABLE;

/* Those of which a filter logs each call once: ...actions_logged_once */
u32 seccomp_actions_logged_once;

/**
 * seccomp_log_decide() - is this action logged?
 * @action: SECCOMP_RET_*, one that exists
 * @logged: set of the actions that may be logged
 * @asked: the filter that decided was attached with SECCOMP_FILTER_FLAG_LOG
 * @audit_on: auditing is enabled
 * @audited: the process has a live audit context, so there are audit rules and
 *	none of them exempts it
 *
 * The first line that applies decides:
 *
 *  - allow is never logged;
 *  - kills, and log itself, are logged where @logged has them;
 *  - any other action is logged where @logged has it and the filter @asked;
 *  - what an audited process does is logged in any case.
 *
 * Context: Any, reads nothing but its arguments.
 * Return: true where a record is due.
 */
bool seccomp_log_decide(u32 action, u32 logged, bool asked, bool audit_on,
			bool audited)
{
	bool listed = logged & BIT(seccomp_action_index(action));

	switch (action) {
	case SECCOMP_RET_ALLOW:
		return false;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_LOG:
		if (listed)
			return true;
		break;
	default:
		if (listed && asked)
			return true;
	}

	return audit_on && audited;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_log_decide);

/*
 * Text for a record. A program that logs does little else, so its numbers do not
 * go through vsnprintf(), which takes several times as long.
 */
struct text {
	unsigned int len;
	/* more than the numbers between two strings can take */
	char buf[384];
};

static __always_inline void text_add(struct text *text, const char *literal)
{
	size_t len = strlen(literal);

	memcpy(text->buf + text->len, literal, len);
	text->len += len;
}

static void text_hex(struct text *text, u64 number)
{
	int shift = number ? round_down(fls64(number) - 1, 4) : 0;

	for (; shift >= 0; shift -= 4)
		text->buf[text->len++] = hex_asc_lo(number >> shift);
}

/* Of at most 32 bits, with a sign or without */
static void text_dec(struct text *text, s64 number)
{
	u32 rest = abs(number);
	char digits[10];
	int nr = 0;

	if (number < 0)
		text->buf[text->len++] = '-';
	do {
		digits[nr++] = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	while (nr)
		text->buf[text->len++] = digits[--nr];
}

static void text_end(struct text *text, struct audit_buffer *ab)
{
	audit_log_n_text(ab, text->buf, text->len);
	text->len = 0;
}

/* "auid= uid= gid= ses= [subj=] pid= comm= exe=", as audit's own records */
static void log_task(struct audit_buffer *ab, struct text *text)
{
	struct mm_struct *mm = current->mm;
	char comm[TASK_COMM_LEN];
	struct file *exe;
	kuid_t uid;
	kgid_t gid;

	current_uid_gid(&uid, &gid);
	text_add(text, "auid=");
	text_dec(text, from_kuid(&init_user_ns, audit_get_loginuid(current)));
	text_add(text, " uid=");
	text_dec(text, from_kuid(&init_user_ns, uid));
	text_add(text, " gid=");
	text_dec(text, from_kgid(&init_user_ns, gid));
	text_add(text, " ses=");
	text_dec(text, audit_get_sessionid(current));
	text_end(text, ab);
	audit_log_task_context(ab);

	text_add(text, " pid=");
	text_dec(text, task_tgid_nr(current));
	text_add(text, " comm=");
	text_end(text, ab);
	audit_log_untrustedstring(ab, get_task_comm(comm, current));

	exe = mm ? get_mm_exe_file(mm) : NULL;
	if (exe) {
		audit_log_d_path(ab, " exe=", &exe->f_path);
		fput(exe);
	} else {
		text_add(text, " exe=(null)");
	}
}

/* Everything comes from what was evaluated; the registers may differ by now. */
static void write_record(struct audit_buffer *ab, const struct seccomp_data *sd,
			 const struct seccomp_verdict *verdict, int sig, u64 id)
{
	static const char * const names[] = {
		" a0=", " a1=", " a2=", " a3=", " a4=", " a5=",
	};
	struct text text;

	text.len = 0;
	log_task(ab, &text);

	text_add(&text, " sig=");
	text_dec(&text, sig);
	text_add(&text, " arch=");
	text_hex(&text, sd->arch);
	text_add(&text, " syscall=");
	text_dec(&text, sd->nr);
	text_add(&text, " compat=");
	text_dec(&text, in_compat_syscall());
	text_add(&text, " ip=0x");
	text_hex(&text, sd->instruction_pointer);
	text_add(&text, " code=0x");
	text_hex(&text, verdict->action);
	for (int i = 0; i < ARRAY_SIZE(names); i++) {
		text_add(&text, names[i]);
		text_hex(&text, sd->args[i]);
	}
	text_add(&text, " filter=");
	text_hex(&text, id);
	text_add(&text, " retdata=0x");
	text_hex(&text, verdict->data);
	text_end(&text, ab);
	audit_log_end(ab);
}

#ifdef CONFIG_SECCOMP_FILTER
/* A record of a filter's that is under way */
struct record {
	struct audit_receipt receipt;
	struct seccomp_journal *journal;	/* one reference held */
	int slot;				/* in its log-once memory, or -1 */
	int call;				/* to be remembered, or -1 */
};

static void record_settled(struct audit_receipt *receipt, enum audit_fate fate)
{
	struct record *record = container_of(receipt, struct record, receipt);
	struct seccomp_journal *journal = record->journal;

	if (fate == AUDIT_FATE_SENT) {
		atomic64_inc(&journal->logged);
		seccomp_closing_retry();
	} else if (fate == AUDIT_FATE_LOST) {
		atomic64_inc(&journal->lost);
	}
	if (record->slot >= 0) {
		seccomp_once_settle(journal->once, record->slot,
				    fate == AUDIT_FATE_SENT);
		if (fate == AUDIT_FATE_SENT && record->call >= 0)
			set_bit(record->call, journal->remembered);
	}
	seccomp_journal_put(journal);
	kfree(record);
}

/*
 * The call, where the deciding filter's answer to it is always this one and no
 * older filter's is ever the same
 */
static int constant_call(const struct seccomp_data *sd,
			 const struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *filter = verdict->match;
	unsigned int call = seccomp_call(sd->nr, sd->arch);
	const struct seccomp_answer *older;
	struct seccomp_answer nothing;

	if (seccomp_call_is_gap(call) || !filter->program->table ||
	    seccomp_table_answer(filter->program->table, call)->run)
		return -1;
	if (!filter->prev)
		return call;
	older = seccomp_filter_answer(filter->prev, call, &nothing);
	return older->run || older->action <= verdict->index ? -1 : call;
}

static struct record *record_create(struct seccomp_journal *journal, int slot,
				    int call)
{
	struct record *record = kmalloc(sizeof(*record), GFP_KERNEL_ACCOUNT);

	if (!record) {
		if (slot >= 0)
			seccomp_once_settle(journal->once, slot, false);
		return NULL;
	}

	record->receipt.settle = record_settled;
	record->journal = journal;
	record->slot = slot;
	record->call = call;
	refcount_inc(&journal->refs);
	return record;
}

static bool is_due_of(const struct seccomp_verdict *verdict,
		      const struct seccomp_filter *filter)
{
	return seccomp_log_decide(verdict->action,
				  READ_ONCE(seccomp_actions_logged),
				  filter && filter->log, seccomp_audit_on(),
				  audit_rules_apply());
}

/* The newest filter below @filter that may have returned the same action */
static const struct seccomp_filter *
next_of_same_mind(const struct seccomp_filter *filter, unsigned int call,
		  u8 action)
{
	const struct seccomp_answer *older;
	struct seccomp_answer nothing;
	u16 depth;

	if (!filter->prev)
		return NULL;
	older = seccomp_filter_answer(filter->prev, call, &nothing);
	depth = older->run;
	if (older->action == action)
		depth = max(depth, older->match);
	return depth ? seccomp_filter_at(filter->prev, depth) : NULL;
}

/*
 * An older filter came to the same action, and without the newer one each of
 * these would be logged. Whoever attached the newer one must not change that.
 */
static bool older_wants_each(const struct seccomp_data *sd,
			     const struct seccomp_verdict *verdict)
{
	unsigned int call = seccomp_call(sd->nr, sd->arch);
	const struct seccomp_filter *filter = verdict->match;

	while ((filter = next_of_same_mind(filter, call, verdict->index))) {
		u32 action = seccomp_ask(filter, sd) & SECCOMP_RET_ACTION_FULL;

		if (action == verdict->action && !filter->log_once &&
		    is_due_of(verdict, filter))
			return true;
	}
	return false;
}

static bool is_once(const struct seccomp_data *sd,
		    const struct seccomp_verdict *verdict)
{
	if (!seccomp_is_once(verdict->match, verdict->index))
		return false;
	return READ_ONCE(seccomp_actions_logged_once) & BIT(verdict->index) ||
	       !older_wants_each(sd, verdict);
}

/**
 * seccomp_log_silent() - is there nothing to be written of an action?
 * @sd: the call as it was evaluated
 * @verdict: what was decided of the call
 *
 * Counts what log-once leaves out, so to be called once for each action.
 *
 * Context: Task context.
 * Return: true where no record is due, or log-once knows that there is one.
 */
bool seccomp_log_silent(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict)
{
	const struct seccomp_once *once;
	struct seccomp_journal *journal;

	if (!is_due_of(verdict, verdict->match))
		return true;
	if (!verdict->match || !is_once(sd, verdict))
		return false;

	journal = verdict->match->journal;
	/* Pairs with the cmpxchg in seccomp_journal_once(). */
	once = smp_load_acquire(&journal->once);
	if (!once || !seccomp_once_knows(once, seccomp_once_key(sd->nr, sd->arch,
								verdict->index,
								verdict->data)))
		return false;
	atomic64_inc(&journal->left_out);
	return true;
}

/*
 * Claim the call in the log-once memory. A slot, -ENOSPC for a record that
 * cannot be remembered, -EEXIST where none is due.
 */
static int claim(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict)
{
	struct seccomp_once *once;
	u64 key;

	if (!is_once(sd, verdict))
		return -ENOSPC;
	key = seccomp_once_key(sd->nr, sd->arch, verdict->index, verdict->data);
	once = seccomp_journal_once(verdict->match->journal);
	if (!key || !once)
		return -ENOSPC;

	return seccomp_once_claim(once, key);
}

/**
 * seccomp_log() - write the record of an action
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it; seccomp_log_silent() said that it is due
 * @sig: the signal that goes with it, 0 for none
 *
 * To be called when the action is decided and before it is carried out. It logs
 * even where auditing is off or nobody listens: the record then goes to the
 * kernel log.
 *
 * Context: Task context, may sleep.
 */
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig)
{
	struct audit_event announcement = {}, event = {};
	struct seccomp_journal *journal;
	struct audit_buffer *ab;
	struct record *record;
	bool announced;
	int slot;

	if (!verdict->match) {
		seccomp_log_strict(sd, verdict, sig);
		return;
	}

	journal = verdict->match->journal;
	slot = claim(sd, verdict);
	if (slot == -EEXIST) {
		atomic64_inc(&journal->left_out);
		return;
	}

	seccomp_journal_note(journal, sd->nr, sd->arch);
	record = record_create(journal, slot, constant_call(sd, verdict));
	if (!seccomp_journal_announced(journal))
		audit_event_begin(&announcement);
	ab = audit_log_start_receipt(&event, record ? &record->receipt : NULL,
				     GFP_KERNEL, AUDIT_SECCOMP);
	/* Now that audit has room: what is begun second is in the log first. */
	announced = ab && seccomp_journal_announce(journal, &announcement);
	/* without memory for a receipt the best that can be said */
	if (!record)
		atomic64_inc(announced ? &journal->logged : &journal->lost);
	if (announced)
		write_record(ab, sd, verdict, sig, journal->id);
	else
		audit_log_abandon(ab);
}
#endif /* CONFIG_SECCOMP_FILTER */

/**
 * seccomp_log_strict() - write the record of an action that no filter decided
 * @sd: the call as it was evaluated
 * @verdict: what was decided of it
 * @sig: the signal that goes with it, 0 for none
 *
 * Context: Task context, may sleep.
 */
void seccomp_log_strict(const struct seccomp_data *sd,
			const struct seccomp_verdict *verdict, int sig)
{
	struct audit_event event = {};
	struct audit_buffer *ab;

	if (!seccomp_log_decide(verdict->action,
				READ_ONCE(seccomp_actions_logged), false,
				seccomp_audit_on(), audit_rules_apply()))
		return;

	ab = audit_log_start_receipt(&event, NULL, GFP_KERNEL, AUDIT_SECCOMP);
	if (ab)
		write_record(ab, sd, verdict, sig, 0);
}

/**
 * seccomp_log_setting() - log an attempt to change which actions are logged
 * @op: which of the settings
 * @actions: the set asked for, names separated by commas
 * @old_actions: the set before
 * @done: whether the attempt succeeded
 *
 * Context: Task context, may sleep.
 */
void seccomp_log_setting(const char *op, const char *actions,
			 const char *old_actions, bool done)
{
	audit_log(audit_context(), GFP_KERNEL, AUDIT_CONFIG_CHANGE,
		  "op=%s actions=%s old-actions=%s res=%d", op, actions,
		  old_actions, done);
}
