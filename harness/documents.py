# SPDX-License-Identifier: GPL-2.0
# What the checks of the documents share: the documents and their parts, and the
# code and tree that they are about.
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent
DOCS = TOP / "Documentation"
SECCOMP = TOP / "kernel/seccomp"
UAPI = TOP / "include/uapi/linux/seccomp.h"

# A string of C, without what it is joined to
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
FIELD = re.compile(r"(?:^|[ ])([a-z][a-z0-9-]*)=")


def read(path):
    return path.read_text()


def code(path):
    """A source file without its comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", read(path), flags=re.DOTALL)


def strings(text):
    return STRING.findall(text)


def sources():
    """The files of kernel/seccomp/ that are no tests."""
    return [path for path in sorted(SECCOMP.glob("*.[ch]")) if not path.stem.endswith("_test")]


def functions():
    """The bodies of the functions of kernel/seccomp/, by their names; not of stubs."""
    pattern = re.compile(r"^(?:\w[^\n;]*?\b)??(\w+)\([^;{]*\)\n\{\n(.*?)^\}",
                         re.DOTALL | re.MULTILINE)
    found = {}
    for path in sources():
        for name, body in pattern.findall(code(path)):
            found[name] = max(body, found.get(name, ""), key=len)
    return found


def function_with(text):
    """The body of the one function that has this text."""
    found = [body for body in functions().values() if text in body]
    if len(found) != 1:
        raise LookupError(f"{len(found)} functions of kernel/seccomp/ have {text}")
    return found[0]


def tracked():
    """All files of the tree, with those that are not committed yet."""
    run = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP,
                         capture_output=True, text=True, check=True)
    return [name for name in run.stdout.splitlines() if (TOP / name).exists()]


class Document:
    """A page: its text, its literals (text in backquotes) and its blocks."""

    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(TOP))
        self.text = read(path)
        rst = path.suffix == ".rst"
        self.blocks = list(self._rst_blocks() if rst else self._md_blocks())
        prose = self.text
        for _, block in self.blocks:
            prose = prose.replace(block, "\n")
        pattern = r"``([^`]+)``" if rst else r"`([^`\n]+)`"
        self.literals = [" ".join(text.split()) for text in re.findall(pattern, prose)]

    def _line(self, position):
        return self.text.count("\n", 0, position) + 1

    def _rst_blocks(self):
        """After "::", indented; where each is, and its text. C is not among them."""
        for found in re.finditer(r"^( *)(?!\.\. )[^\n]*::\n\n((?:\1 +\S.*\n|\n)+)", self.text,
                                 re.MULTILINE):
            yield self._line(found.start(2)), found[2]

    def _md_blocks(self):
        for found in re.finditer(r"^```\n(.*?)^```$|^\n((?: {4}\S.*\n|\n)+)", self.text,
                                 re.DOTALL | re.MULTILINE):
            yield self._line(found.start()), found[1] or found[2]

    def c_blocks(self):
        """Each C block: where it is, and its text."""
        for found in re.finditer(r"^\.\. code-block:: c\n\n((?:    .*\n|\n)+)", self.text,
                                 re.MULTILINE):
            yield self._line(found.start(1)), found[1]


class Documents:
    """All of them."""

    def __init__(self):
        pages = sorted(DOCS.rglob("*.rst"))
        self.rst = [Document(path) for path in pages]
        self.md = [Document(TOP / name)
                   for name in ("README.md", "HACKING.md", "bench/README.md")]
        self.all = self.rst + self.md
        # the guide: what is said of the interface, wherever it is
        self.guide = "\n".join(page.text for page in self.rst)
        self.literals = " ".join(text for page in self.rst for text in page.literals)

    def page(self, name):
        for page in self.all:
            if page.name == name:
                return page
        raise LookupError(f"there is no {name}")

    def part(self, label):
        """From a label to the next one."""
        found = re.search(rf"^\.\. _{label}:\n(.*?)(?=^\.\. _|\Z)", self.guide,
                          re.DOTALL | re.MULTILINE)
        if not found:
            raise LookupError(f"no page has the label {label}")
        return found[1]

    def rows(self, label):
        """What the rows of the table behind a label are about."""
        return re.findall(r"^``([a-z0-9-]+)`` ", self.part(label), re.MULTILINE)

    def example(self, label):
        """The fields of the record behind a label, which is broken into lines."""
        block = re.search(r"::\n\n((?:    .*\n)+)", self.part(label))
        record = " ".join(block[1].split()) if block else ""
        return FIELD.findall(record.partition("): ")[2])


def unnamed(wanted, where, what):
    """Complaints about what the documents do not name."""
    if not wanted:
        return [f"no {what} found in the code"]
    return [f"{what} {name} is in no page where it should be" for name in wanted
            if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", where)]
