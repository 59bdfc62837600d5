/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions of struct format, for its table.
 */
#ifndef SCLOG_FORMATS_H
#define SCLOG_FORMATS_H

#include "format.h"

void write_oci(struct conversion *to);
void write_spo(struct conversion *to);
void write_systemd(struct conversion *to);
void write_libseccomp(struct conversion *to);
void write_bpf(struct conversion *to);
void write_minijail(struct conversion *to);
void write_firejail(struct conversion *to);
void write_list(struct conversion *to);

struct policy *read_oci(const char *file, char *text, size_t length);
struct policy *read_docker(const char *file, char *text, size_t length);
struct policy *read_spo(const char *file, char *text, size_t length);
struct policy *read_systemd(const char *file, char *text, size_t length);
struct policy *read_minijail(const char *file, char *text, size_t length);
struct policy *read_firejail(const char *file, char *text, size_t length);
struct policy *read_list(const char *file, char *text, size_t length);

#endif /* SCLOG_FORMATS_H */
