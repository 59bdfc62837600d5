#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Type the commands of a transcript and print the transcript that results.

A line "$ COMMAND" is typed into a shell; the lines below it are what the shell
prints, standard output and standard error together. A line "> WORDS" among them
is typed at a prompt of the command, which has a terminal then. What differs from
run to run is replaced: process ids, times, and how many calls a C library makes.
Lines before the first command are comments.
"""
import os
import pty
import re
import select
import subprocess
import sys

PROMPT = b"> "
REPLACED = [
    # aligned by the longest
    (r"\[\d+\] *(?=  )", "[PID]"),
    (r"\[\d+\]", "[PID]"),
    (r'"pid": \d+', '"pid": PID'),
    (r"\d+\.\d\d s\b", "N.NN s"),
    (r"\d+ ms\b", "NN ms"),
    (r"[\d,]+ calls, \d+ different", "NNN calls, NN different"),
    (r"\d+ calls seen and \d+ companions", "NN calls seen and NN companions"),
    (r"\d+ calls, (\d+) to look at", r"NN calls, \1 to look at"),
    (r"\d+ calls of", "NN calls of"),
    # how often a call was made, with an argument
    (r"(?<=  )\d+ times?, ", "N times, "),
    (r"\b([A-Z][A-Z_|0-9]+) \d+(?=   |$)", r"\1 N"),
    (r"(decided: \w+ by) \w+", r"\1 USER"),
]


def parse(text):
    """The comment, and a list of (command, lines below it)."""
    head, commands = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands:
            commands[-1][1].append(line)
        else:
            head.append(line)
    return head, commands


def shell(command, status):
    # the status of the command before it, for $?
    return ["bash", "-c", f"(exit {status}); {command}"]


def plain(command, status):
    done = subprocess.run(shell(command, status), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace"), done.returncode


def dialogue(command, status, typed):
    """On a terminal: each line is typed when the prompt has come."""
    pid, terminal = pty.fork()
    if not pid:
        os.environ.update(TERM="dumb", COLUMNS="80")
        os.execvp("bash", shell(command, status))
    shown = b""
    seen = 0
    while True:
        if not select.select([terminal], [], [], 60)[0]:
            os.kill(pid, 9)
        try:
            some = os.read(terminal, 4096)
        except OSError:     # the last process with the terminal has ended
            break
        shown += some
        if typed and shown.endswith(PROMPT) and len(shown) > seen:
            os.write(terminal, (typed.pop(0) + "\n").encode())
            seen = len(shown)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return shown.decode(errors="replace").replace("\r\n", "\n"), status


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        head, commands = parse(file.read())
    print("\n".join(head))
    status = 0
    for command, expected in commands:
        typed = [line[2:] for line in expected if line.startswith("> ")]
        if typed:
            text, status = dialogue(command, status, typed)
        else:
            text, status = plain(command, status)
        for pattern, replacement in REPLACED:
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        print(f"$ {command}\n{text}", end="")


main()
