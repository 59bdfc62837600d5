# SPDX-License-Identifier: GPL-2.0
# runc, which writes a part of its filter without libseccomp; sourced by deep_test

. "$here/container.sh"
container_checks runc
