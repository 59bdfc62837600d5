# SPDX-License-Identifier: GPL-2.0
# Sphinx settings for this folder alone. In a kernel tree the kernel's own
# settings come first, and this file when only this folder is built.

project = "The Linux kernel user-space API guide"
copyright = "The kernel development community"
author = "The kernel development community"
language = "en"
root_doc = "index"

# "::" introduces logs and shell sessions; C says that it is C
highlight_language = "none"
# options such as --allow are to be copied: two dashes stay two dashes
smartquotes = False

html_copy_source = False
html_show_sphinx = False
