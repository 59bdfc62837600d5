/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls: calling conventions, numbers and names.
 *
 * A call is a convention and a number, exactly as struct seccomp_data and an
 * audit record carry the number: x32's have bit 30 set, and a number may be
 * negative or have no name. Two calls are the same if and only if convention
 * and number are. Pure: no input or output, nothing is ever freed.
 *
 * libseccomp also has pseudo numbers, negative ones for names that a
 * convention lacks or reaches by a multiplexer (i386 "socket" is -101). They
 * never appear in a struct call: there, i386 socket is 359, and -101 is the
 * number -101 that a program passed to the kernel.
 */
#ifndef SCLOG_CALL_H
#define SCLOG_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define X32_BIT		0x40000000

/**
 * struct abi - a calling convention
 * @name: libseccomp's name, by which calls are written: "x86_64", "x86", "x32"
 * @alias: the kernel's or another usual name, or NULL: "amd64", "i386"
 * @oci: name in OCI files: "SCMP_ARCH_X86_64"
 * @scmp: SCMP_ARCH_*, for libseccomp; 0 if libseccomp does not know it
 * @audit: AUDIT_ARCH_*, as in records and struct seccomp_data
 * @nr_bit: the bit that all its numbers have: X32_BIT for x32, else 0
 *
 * All are static and const: compare pointers. x86_64 and x32 share @audit.
 */
struct abi {
	const char *name;
	const char *alias;
	const char *oci;
	uint32_t scmp;
	uint32_t audit;
	int nr_bit;
};

/**
 * struct call - one system call of one convention
 * @abi: the convention, never NULL
 * @nr: the number as the kernel sees it, with x32's bit
 */
struct call {
	const struct abi *abi;
	int nr;
};

/* Room for any call_text() and the final NUL */
#define CALL_TEXT_MAX	96

/** abi_native() - the convention that this program is built for */
const struct abi *abi_native(void);

/**
 * abi_by_audit() - the convention of a record
 * @audit: AUDIT_ARCH_*
 * @nr: the number, which tells x32 from x86_64; negative numbers are x86_64's
 *
 * Return: NULL for an architecture that is not in the table.
 */
const struct abi *abi_by_audit(uint32_t audit, int nr);

/** abi_by_scmp() - the convention of a SCMP_ARCH_*, SCMP_ARCH_NATIVE too; or NULL */
const struct abi *abi_by_scmp(uint32_t scmp);

/** abi_runs_here() - can a process of this machine use the convention? */
bool abi_runs_here(const struct abi *abi);

/** abi_by_name() - by @name, @alias or @oci; or NULL. Case counts. */
const struct abi *abi_by_name(const char *name);

/** abi_next() - walk all conventions: the first for NULL, NULL behind the last */
const struct abi *abi_next(const struct abi *abi);

/**
 * abi_new_numbers() - numbers that a newer kernel may have a call for
 * @abi: the convention
 * @from: the numbers from here on
 * @first: and @last: set to the first range of such numbers if true is returned
 *
 * These are above the highest number that libseccomp has a name for, but for
 * x32's and ARM's own calls, which are above the others. None is negative.
 *
 * Return: false if there are no more, or libseccomp does not know @abi.
 */
bool abi_new_numbers(const struct abi *abi, uint32_t from, uint32_t *first,
		     uint32_t *last);

/** call_compare() - as for qsort: by the order of abi_next(), then by number */
int call_compare(const struct call *a, const struct call *b);

/**
 * call_name() - the name of a call
 *
 * Return: libseccomp's name, NULL if there is none. The text lives as long as
 * the program and is the same pointer each time.
 */
const char *call_name(const struct call *call);

/**
 * call_by_name() - the call that a convention has under a name
 * @abi: the convention
 * @name: libseccomp's name
 * @call: set if 0 is returned
 *
 * Return: 0; -ENOSYS if the name is known but this convention lacks the call;
 * -ENOENT if no convention has the name.
 */
int call_by_name(const struct abi *abi, const char *name, struct call *call);

/**
 * call_text() - a call as sclog writes it everywhere
 * @call: the call
 * @text: at least CALL_TEXT_MAX bytes
 *
 * "name" for the native convention, "arch:name" for another, and always
 * "arch:number" (decimal, as in a record) if it has no name. call_parse()
 * gives back the same call.
 *
 * Return: @text.
 */
const char *call_text(const struct call *call, char *text);

/**
 * call_parse() - read "name", "arch:name", "number" or "arch:number"
 * @text: what the user or a file says
 * @call: set if 0 is returned
 * @why: set to a constant that completes "'TEXT': ..." if it is not
 *
 * A number is decimal or 0x..., with an optional minus, within 32 bits; up to
 * 0xffffffff is taken as the same bits. An x32 number may lack bit 30; a
 * x86_64 number that has it is an x32 call.
 *
 * Return: 0; -EINVAL (not a call at all), -ERANGE (a number too large), -ENOENT
 * (unknown name), -ENOSYS (this convention lacks it), -ENXIO (unknown arch).
 */
int call_parse(const char *text, struct call *call, const char **why);

/**
 * parse_s32() - a whole text as a 32-bit number, by the rules of call_parse()
 *
 * Return: 0, -EINVAL or -ERANGE.
 */
int parse_s32(const char *text, int *value);

#endif /* SCLOG_CALL_H */
