/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the tables of names.h are written: an array NAME_list, then TABLE(NAME, ...).
 */
#ifndef SCLOG_NAMES_TABLE_H
#define SCLOG_NAMES_TABLE_H

#include "names.h"

#define N(name)		{ (uint32_t)(name), #name },
/* a name that the C headers lack or hide */
#define V(name, number)	{ (number), #name },

/* @differ: the values are not the same on all machines */
#define TABLE(table, differ)						\
	const struct value_names names_##table = {			\
		table##_list,						\
		sizeof(table##_list) / sizeof(table##_list[0]), differ }

#endif /* SCLOG_NAMES_TABLE_H */
