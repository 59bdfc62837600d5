/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of YAML that Kubernetes' tools write: maps and lists in block form,
 * lists in brackets, scalars that are plain or quoted, comments. What is not of
 * it is an error, never taken for something else. Pure.
 */
#ifndef SCLOG_YAML_H
#define SCLOG_YAML_H

#include "json.h"

/**
 * yaml_parse() - as a tree of JSON
 * @text: is changed
 * @error: set if NULL is returned
 *
 * Return: a map, for the caller to json_object_put(); NULL if it is none.
 */
struct json_object *yaml_parse(char *text, size_t length,
			       struct json_error *error);

#endif /* SCLOG_YAML_H */
