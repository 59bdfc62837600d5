# SPDX-License-Identifier: GPL-2.0
# Sphinx settings for Documentation/. A kernel tree has its own, which stand where
# these would: so they are here, and nothing is in the way when files are copied.

project = "seccomp-log"
copyright = "seccomp-log developers"
author = "seccomp-log developers"
language = "en"
root_doc = "index"

# "::" introduces logs and shell sessions; C says that it is C
highlight_language = "none"
# options such as --allow are to be copied: two dashes stay two dashes
smartquotes = False

html_copy_source = False
html_show_sphinx = False
