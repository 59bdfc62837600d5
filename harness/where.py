# SPDX-License-Identifier: GPL-2.0
"""The base kernel that is selected, and the folders of its builds."""
import os
import pathlib
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_BASE = (TOP / "base/default").read_text().strip()
OTHER_BASES = sorted(path.parent.name for path in (TOP / "base").glob("*/package")
                     if path.parent.name != DEFAULT_BASE)
BASE = os.environ.get("BASE") or DEFAULT_BASE


def build(variant, base=BASE):
    """The folder of one kind of kernel, as in harness/lib.sh."""
    return TOP / "build" / variant if base == DEFAULT_BASE else TOP / "build" / base / variant
