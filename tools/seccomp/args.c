// SPDX-License-Identifier: GPL-2.0
/*
 * What arguments mean: the rows of args.def, and values in names.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "args.h"
#include "out.h"

#define ROW(call, index, name, kind, ...)				\
	{ #call, index, #name, kind, ##__VA_ARGS__ },
#define ENUM(call, index, name, table)					\
	ROW(call, index, name, ARG_ENUM, .names = &names_##table)
#define ENUM_WIDE(call, index, name, table)				\
	ROW(call, index, name, ARG_ENUM, .wide = true, .names = &names_##table)
#define CLOCK(call, index, name)					\
	ROW(call, index, name, ARG_CLOCK, .names = &names_clock)
#define MASK(call, index, name, table)					\
	ROW(call, index, name, ARG_MASK, .names = &names_##table)
#define MASK_WIDE(call, index, name, table)				\
	ROW(call, index, name, ARG_MASK, .wide = true, .names = &names_##table)
#define MASK_IF(call, index, name, table, other, value)			\
	ROW(call, index, name, ARG_MASK, .names = &names_##table,	\
	    .has_cond = true, .cond_index = other, .cond_value = value)
#define PROT_WIDE(call, index, name)					\
	ROW(call, index, name, ARG_PROT, .wide = true, .names = &names_prot)
#define LOW(call, index, name, bits, table, others)			\
	ROW(call, index, name, ARG_LOW, .low = bits,			\
	    .names = &names_##table, .flags = &names_##others)
#define LOW_WIDE(call, index, name, bits, table, others)		\
	ROW(call, index, name, ARG_LOW, .wide = true, .low = bits,	\
	    .names = &names_##table, .flags = &names_##others)
#define SETID(call, index, name)					\
	ROW(call, index, name, ARG_SETID)
#define SHOW_MASK(call, index, name, table)				\
	ROW(call, index, name, ARG_SHOW_MASK, .names = &names_##table)
#define SHOW_FD(call, index, name)					\
	ROW(call, index, name, ARG_SHOW_FD)
#define SHOW_OCTAL(call, index, name)					\
	ROW(call, index, name, ARG_SHOW_OCTAL)
#define SHOW_NUMBER(call, index, name)					\
	ROW(call, index, name, ARG_SHOW_NUMBER)
#define PAIR(call, first, second)

static const struct arg rows[] = {
#include "args.def"
};

#define NR_ROWS		(sizeof(rows) / sizeof(rows[0]))

#undef ROW
#undef PAIR
#define ROW(...)
#define PAIR(call, first, second)	{ #call, first, second },

static const struct arg_pair pairs[] = {
#include "args.def"
};

const struct arg *arg_next(const struct arg *arg)
{
	arg = arg ? arg + 1 : rows;
	return arg < rows + NR_ROWS ? arg : NULL;
}

const struct arg_pair *arg_pair_of(const struct call *call)
{
	const char *name = call_name(call);

	for (size_t i = 0; name && i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!strcmp(pairs[i].call, name))
			return &pairs[i];
	return NULL;
}

static bool is_s390(const struct abi *abi)
{
	return !strncmp(abi->name, "s390", 4);
}

/* Conventions that pass the arguments of a call otherwise */
static bool row_applies(const struct arg *row, const struct abi *abi)
{
	/* one pointer to all arguments */
	if (!strcmp(row->call, "mmap"))
		return strcmp(abi->name, "x86") && !is_s390(abi);
	/* CLONE_BACKWARDS2 */
	if (!strcmp(row->call, "clone"))
		return row->index == (is_s390(abi) ? 1 : 0);
	/* the offset takes two registers */
	if (!strcmp(row->call, "fadvise64"))
		return abi->audit & __AUDIT_ARCH_64BIT;
	return true;
}

/*
 * The rows of a call, which stand together. Where they are is remembered by
 * the name, which is the same pointer each time.
 */
static const struct arg *rows_of(const struct call *call, size_t *nr)
{
	static struct {
		const char *name;
		const struct arg *rows;
		size_t nr;
	} known[1024];
	const char *name = call_name(call);
	size_t slot = ((uintptr_t)name >> 3) % 1024;
	size_t at = 0;

	*nr = 0;
	if (!name)
		return rows;
	if (known[slot].name != name) {
		while (at < NR_ROWS && strcmp(rows[at].call, name))
			at++;
		known[slot].name = name;
		known[slot].rows = rows + at;
		known[slot].nr = 0;
		while (at < NR_ROWS && !strcmp(rows[at].call, name)) {
			known[slot].nr++;
			at++;
		}
	}
	*nr = known[slot].nr;
	return known[slot].rows;
}

/* The first row that applies for NULL, the one behind, NULL at the end */
static const struct arg *next_row(const struct arg *row, const struct call *call)
{
	size_t nr;
	const struct arg *first = rows_of(call, &nr);

	for (row = row ? row + 1 : first; row < first + nr; row++)
		if (row_applies(row, call->abi))
			return row;
	return NULL;
}

const struct arg *arg_find(const struct call *call, unsigned int index)
{
	for (const struct arg *row = NULL; (row = next_row(row, call));)
		if (row->index == index)
			return row;
	return NULL;
}

const struct arg *arg_by_name(const struct call *call, const char *name)
{
	for (const struct arg *row = NULL; (row = next_row(row, call));)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

bool arg_narrows(const struct arg *arg)
{
	return arg->kind < ARG_SHOW_MASK;
}

unsigned int args_mask(const struct call *call)
{
	unsigned int mask = 0;

	for (const struct arg *row = NULL; (row = next_row(row, call));)
		if (arg_narrows(row))
			mask |= 1u << row->index;
	return mask;
}

uint64_t arg_reduce(const struct arg *arg, uint64_t value)
{
	return arg->wide ? value : (uint32_t)value;
}

/* Does the argument have its row's meaning in this call? */
static bool has_meaning(const struct arg *row, const uint64_t *args,
			unsigned int known)
{
	if (!(known & 1u << row->index))
		return false;
	return !row->has_cond || ((known & 1u << row->cond_index) &&
				  (uint32_t)args[row->cond_index] ==
				  row->cond_value);
}

/* A companion that is allowed as another call implies it: no one's decision */
static bool is_narrow_companion(const struct policy_call *entry)
{
	return entry->why && !entry->answer &&
		entry->rules[0].action == SCMP_ACT_ALLOW;
}

enum added args_add(struct policy *policy, unsigned int run,
		    const struct event *event)
{
	enum added added = policy_add(policy, run, event, 0);
	const struct arg_pair *pair;
	struct policy_call *entry;
	unsigned int both;

	if (added == ADDED_IGNORED)
		return added;
	entry = policy_find(policy, &event->call);
	if (added == ADDED_OUTSIDE && is_narrow_companion(entry)) {
		policy_allow(policy, &event->call);
		added = ADDED_CALL;
	}
	if (!event->args_known)
		return added;
	for (const struct arg *row = NULL;
	     (row = next_row(row, &event->call));)
		if (arg_narrows(row) &&
		    has_meaning(row, event->args, event->args_known))
			count_value(&entry->args[row->index],
				    arg_reduce(row, event->args[row->index]),
				    event->count);
	pair = arg_pair_of(&event->call);
	if (!pair)
		return added;
	both = 1u << pair->first | 1u << pair->second;
	if ((event->args_known & both) == both)
		count_value(&entry->pairs, (uint32_t)event->args[pair->first] |
			    event->args[pair->second] << 32, event->count);
	return added;
}

bool args_clone3(const struct event *clone3, uint64_t flags,
		 uint64_t exit_signal, struct event *clone)
{
	unsigned int index = is_s390(clone3->call.abi) ? 1 : 0;

	*clone = *clone3;
	if (call_by_name(clone3->call.abi, "clone", &clone->call))
		return false;
	memset(clone->args, 0, sizeof(clone->args));
	clone->args[index] = (flags & ~0xffull) | (exit_signal & 0xff);
	clone->args_known = 1u << index;
	return true;
}

/* Texts */

/* Do the values of the C headers hold for the convention? */
static bool is_like_native(const struct abi *abi)
{
	static const char *const x86[] = { "x86_64", "x86", "x32" };
	bool native_is_x86 = false;
	bool is_x86 = false;

	for (int i = 0; i < 3; i++) {
		native_is_x86 |= !strcmp(abi_native()->name, x86[i]);
		is_x86 |= !strcmp(abi->name, x86[i]);
	}
	return abi == abi_native() || (native_is_x86 && is_x86);
}

static const struct value_names *usable(const struct value_names *names,
					const struct abi *abi)
{
	return names && names->native && !is_like_native(abi) ? NULL : names;
}

static const struct value_names *protocol_names(uint32_t domain)
{
	switch (domain) {
	case AF_INET:
	case AF_INET6:
		return &names_inet;
	case AF_NETLINK:
		return &names_netlink;
	default:
		return NULL;
	}
}

static const struct value_names *option_names(uint32_t level)
{
	switch (level) {
	case SOL_SOCKET:
		return &names_so_option;
	case IPPROTO_TCP:
		return &names_tcp_option;
	case IPPROTO_IP:
		return &names_ip_option;
	case IPPROTO_IPV6:
		return &names_ipv6_option;
	default:
		return NULL;
	}
}

/* Names that depend on another argument of the call */
static const struct value_names *names_here(const struct arg *row,
					    const uint64_t *args,
					    unsigned int known)
{
	if (row->names == &names_inet)
		return args && known & 1 ? protocol_names(args[0]) : NULL;
	if (row->names == &names_so_option)
		return args && known & 2 ? option_names(args[1]) : NULL;
	return row->names;
}

static char *number(uint64_t value, bool wide)
{
	int64_t number = wide ? (int64_t)value : (int32_t)value;

	if (number >= -0xffff && number <= 0xffff)
		return xasprintf("%" PRId64, number);
	return xasprintf("0x%" PRIx64, value);
}

/* Bits in names, the rest as one number; @text is free()d */
static char *add_bits(char *text, const struct value_names *names,
		      uint64_t bits)
{
	char *longer;

	for (size_t i = 0; names && bits && i < names->nr; i++) {
		uint64_t value = names->list[i].value;

		if (!value || (bits & value) != value)
			continue;
		bits &= ~value;
		longer = xasprintf("%s%s%s", text, *text ? "|" : "",
				   names->list[i].name);
		free(text);
		text = longer;
	}
	if (bits) {
		longer = xasprintf("%s%s0x%" PRIx64, text, *text ? "|" : "",
				   bits);
		free(text);
		text = longer;
	}
	return text;
}

static char *bits_text(const struct value_names *names, uint64_t bits)
{
	const char *none = value_name(names, 0);

	if (!bits)
		return xstrdup(none ? none : "0");
	return add_bits(xstrdup(""), names, bits);
}

static char *enum_text(const struct value_names *names, uint64_t value,
		       bool wide)
{
	const char *name = value_name(names, value);

	return name ? xstrdup(name) : number(value, wide);
}

/* _IOR('T',0x30,4), as the macros of <asm/ioctl.h> make it */
static char *ioctl_text(uint64_t value)
{
	unsigned int direction = _IOC_DIR(value);
	unsigned int type = _IOC_TYPE(value);
	unsigned int size = _IOC_SIZE(value);
	const char *macro = "_IO";
	char type_text[8];

	if (value > UINT32_MAX || type < ' ' || type > '~' || type == '\'' ||
	    type == '\\' || type == '|' || type == '(' || type == ')' ||
	    type == ',')
		return NULL;
	snprintf(type_text, sizeof(type_text), "'%c'", type);
	if (direction == _IOC_NONE && !size)
		return xasprintf("_IO(%s,0x%" PRIx64 ")", type_text,
				 (uint64_t)_IOC_NR(value));
	if (direction == _IOC_READ)
		macro = "_IOR";
	else if (direction == _IOC_WRITE)
		macro = "_IOW";
	else if (direction == (_IOC_READ | _IOC_WRITE))
		macro = "_IOWR";
	else
		return NULL;
	return xasprintf("%s(%s,0x%" PRIx64 ",%u)", macro, type_text,
			 (uint64_t)_IOC_NR(value), size);
}

static char *low_text(const struct arg *row, const struct value_names *names,
		      const struct value_names *flags, uint64_t value)
{
	uint64_t low = value & row->low;
	char *text;

	if (row->names == &names_none)
		text = xasprintf("0%" PRIo64, low);
	else if (!low && value && !value_name(names, 0))
		text = xstrdup("");
	else
		text = enum_text(names, low, false);
	return add_bits(text, flags, value & ~row->low);
}

char *arg_value_text(const struct call *call, unsigned int index,
		     uint64_t value, const uint64_t *args, unsigned int known)
{
	const struct arg *row = arg_find(call, index);
	const struct value_names *names;
	char *text = NULL;

	if (!row)
		return xasprintf("0x%" PRIx64, value);
	value = arg_reduce(row, value);
	names = usable(names_here(row, args, known), call->abi);
	switch (row->kind) {
	case ARG_ENUM:
	case ARG_CLOCK:
		if (names == &names_ioctl && !value_name(names, value))
			text = ioctl_text(value);
		return text ? text : enum_text(names, value, row->wide);
	case ARG_MASK:
	case ARG_PROT:
	case ARG_SHOW_MASK:
		/* F_OK and PROT_NONE */
		if (!value && names == &names_access_mode)
			return xstrdup("F_OK");
		if (!value && row->kind == ARG_PROT)
			return xstrdup("PROT_NONE");
		return bits_text(names, value);
	case ARG_LOW:
		return low_text(row, names, usable(row->flags, call->abi),
				value);
	case ARG_SHOW_FD:
		if ((int32_t)value == AT_FDCWD)
			return xstrdup("AT_FDCWD");
		return number(value, false);
	case ARG_SETID:
	case ARG_SHOW_OCTAL:
		return xasprintf(value ? "0%" PRIo64 : "%" PRIo64, value);
	case ARG_SHOW_NUMBER:
		break;
	}
	return number(value, row->wide);
}

char *args_text(const struct call *call, const uint64_t *args,
		unsigned int known)
{
	char *text = xstrdup("");

	for (const struct arg *row = NULL; (row = next_row(row, call));) {
		char *value;
		char *longer;

		if (!has_meaning(row, args, known))
			continue;
		value = arg_value_text(call, row->index, args[row->index],
				       args, known);
		longer = xasprintf("%s%s%s=%s", text, *text ? " " : "",
				   row->name, value);
		free(value);
		free(text);
		text = longer;
	}
	return text;
}

char *event_args_text(const struct event *event)
{
	if (event->kind != EVENT_CALL || !event->call.abi)
		return xstrdup("");
	return args_text(&event->call, event->args, event->args_known);
}
