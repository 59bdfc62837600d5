# SPDX-License-Identifier: GPL-2.0
# Shared by the Python scripts that measure: commands, boots, and the tables in
# bench/README.md.
import os
import pathlib
import subprocess
import sys
import tempfile

import where

ROOT = pathlib.Path(__file__).resolve().parent.parent
KERNELS = {"ours": where.build("x86_64") / "bzImage", "stock": where.build("stock") / "bzImage"}
CFLAGS = ["-O2", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror"]

# The figures are the same in each run. A "rep movsb" would count once for each
# byte. No real time passes if the guest sleeps. It does not calibrate the timer of
# the local APIC, which takes ten seconds and changes no figure. Without address
# randomization a fork always copies the same number of page tables.
COUNTED = ["--cpus=1", "--accel=tcg,thread=single", "--qemu=-icount",
           "--qemu=shift=0,sleep=off", "--qemu=-cpu", "--qemu=max,-erms,-fsrm",
           "--append=nolapic_timer norandmaps"]


def fail(text):
    name = pathlib.Path(sys.argv[0]).name
    sys.exit(print(f"{name}: {text}", file=sys.stderr) or 1)


def arguments(parser, written):
    """Parse, with the option --update, which UPDATE=1 is, too: it writes this."""
    parser.add_argument("--update", action="store_true",
                        default=os.environ.get("UPDATE") == "1", help=f"write {written}")
    args = parser.parse_args()
    if args.update and where.BASE != where.DEFAULT_BASE:
        parser.error(f"--update: what is written is of {where.DEFAULT_BASE}")
    return args


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], text=True, check=False, **options)
    if done.returncode:
        print(done.stdout or "", done.stderr or "", sep="", end="", file=sys.stderr)
        fail(f"{pathlib.Path(command[0]).name} ended with status {done.returncode}")
    return done


def boot(kernel, script, *how):
    """Run a shell script in the guest. Returns the lines that it prints."""
    environment = {k: v for k, v in os.environ.items() if k not in where.KINDS}
    with tempfile.TemporaryDirectory() as folder:
        job = pathlib.Path(folder) / "job"
        job.write_text(f"#!/bin/sh\n{script}\n")
        done = run(ROOT / "harness/boot", "--kernel", kernel, *how, job,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    return done.stdout.splitlines()


class Table:
    """A table in a document, between two comments that name a make target."""

    def __init__(self, target, path=ROOT / "bench/README.md", comment="<!-- {} -->"):
        self.path = path
        start, end = (comment.format(text) + "\n"
                      for text in (f"make {target}", f"end of make {target}"))
        before, found, rest = self.path.read_text().partition(start)
        self.text, ended, behind = rest.partition(end)
        self.there = bool(found and ended)
        self.head, self.tail = before + start, end + behind

    def write(self, text):
        if self.there:
            self.path.write_text(self.head + text + self.tail)
