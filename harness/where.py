# SPDX-License-Identifier: GPL-2.0
"""The base kernel that is selected, and the folders of its builds."""
import os
import pathlib
import shlex
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_BASE = (TOP / "base/default").read_text().strip()
OTHER_BASES = sorted(path.parent.name for path in (TOP / "base").glob("*/package")
                     if path.parent.name != DEFAULT_BASE)
BASE = os.environ.get("BASE") or DEFAULT_BASE
DEFAULT_ARCH = "x86_64"
ARCH = os.environ.get("ARCH") or DEFAULT_ARCH


def build(variant, base=BASE):
    """The folder of one kind of kernel, as in harness/lib.sh."""
    return TOP / "build" / variant if base == DEFAULT_BASE else TOP / "build" / base / variant


# The variables that select a kind of kernel
KINDS = "STOCK", "DEBUG", "KCSAN", "COVERAGE", "NO_X32"


def variant():
    """The kind of kernel that the environment selects, as in harness/lib.sh."""
    for kind in KINDS:
        if os.environ.get(kind) == "1":
            name = kind.lower().replace("_", "-")
            return name if ARCH == DEFAULT_ARCH else f"{ARCH}-{name}"
    return ARCH


def machine(arch=ARCH):
    """What base/arch/ has about an architecture: names and values."""
    path = TOP / "base/arch" / arch
    if not path.exists():
        sys.exit(f"ARCH={arch}: there is no {path.relative_to(TOP)}")
    return dict(word.split("=", 1) for word in shlex.split(path.read_text(), comments=True))
