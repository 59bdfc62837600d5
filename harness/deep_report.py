# SPDX-License-Identifier: GPL-2.0
"""What each stage of make test-deep found last, as build/deep/report.md.

A stage may be run alone, so each has its own date. A line "# figures: TEXT" of a
stage's log stands in its row. The table in the documentation is the last state that
was recorded with UPDATE=1.
"""
import json
import re
import subprocess
import textwrap
import time

import where
from measure import Table

DOCUMENT = where.TOP / "Documentation/security/seccomp-tests.rst"
FIGURES = re.compile(r"^# figures: (.*)$", re.MULTILINE)


def revision():
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, cwd=where.TOP, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"


class Report:
    """The rows of the table, by stage, in the order of the stages."""

    def __init__(self, stages):
        self.folder = where.build("deep")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = self.folder / "stages.json"
        rows = json.loads(self.state.read_text()) if self.state.exists() else {}
        self.rows = {stage: rows.get(stage) for stage in stages}

    def add(self, stage, passed, failed, skipped, seconds, log):
        """Record a stage that has ended. @seconds: how long it took; @log: its text"""
        self.rows[stage] = {
            "date": time.strftime("%Y-%m-%d", time.gmtime()), "revision": revision(),
            "passed": passed, "failed": failed, "skipped": skipped,
            "minutes": max(1, round(seconds / 60)),
            "figures": "; ".join(([] if where.BASE == where.DEFAULT_BASE else
                                  [f"on {where.BASE}"]) + FIGURES.findall(log)),
        }
        self.state.write_text(json.dumps(self.rows, indent=1) + "\n")
        (self.folder / "report.md").write_text(self.markdown())

    HEAD = ["stage", "date", "passed", "failed", "skipped", "minutes", "figures"]

    def cells(self):
        """The rows as text, of the stages that were run."""
        for stage, row in self.rows.items():
            if row:
                yield [stage] + [str(row[key]) for key in self.HEAD[1:]]

    def markdown(self):
        revisions = sorted({row["revision"] for row in self.rows.values() if row})
        rows = [self.HEAD, ["---"] * len(self.HEAD), *self.cells()]
        return ("# What each stage of make test-deep found last\n\n" +
                "".join(f"| {' | '.join(row)} |\n" for row in rows) +
                f"\nRevisions: {', '.join(revisions)}\n")

    @staticmethod
    def recorded(text):
        """The rows of the documentation's table, by stage."""
        rows = {}
        for row in re.split(r"^   \* -", text, flags=re.MULTILINE)[2:]:
            cells = [" ".join(cell.split()) for cell in re.split(r"^     -", row, flags=re.MULTILINE)]
            rows[cells[0]] = cells
        return rows

    def document(self):
        """Write the table into the documentation; what is not known here stays."""
        def cell(bullets, text):
            return textwrap.fill(f"{bullets} {text}".rstrip(), 80, initial_indent="   ",
                                 subsequent_indent=" " * 7, break_on_hyphens=False)

        written = Table("test-deep", DOCUMENT, ".. {}")
        rows = self.recorded(written.text) | {cells[0]: cells for cells in self.cells()}
        table = ".. list-table::\n   :header-rows: 1\n\n" + "".join(
            cell("  -" if n else "* -", text) + "\n"
            for row in [self.HEAD, *(rows[stage] for stage in self.rows if stage in rows)]
            for n, text in enumerate(row))
        written.write(f"\n{table}\n")
