# SPDX-License-Identifier: GPL-2.0
# Checks of the documents against the tree: what they name must exist. Each returns
# complaints, none if it passes.
import fnmatch
import importlib.machinery
import importlib.util
import re
import shlex

from docs_code import sysctls
import where
from documents import SECCOMP, TOP, UAPI, code, read, sources, tracked

README_LINES = 100
QUICK_START_LINES = 40
# Targets of the kernel's Makefile
KERNEL_TARGETS = {"headers"}
# Programs in the shell sessions that are not of this tree
PROGRAMS = {"auditctl", "ausearch", "cat", "echo", "id", "sclog", "setpriv", "sysctl"}
SOURCE = r"[\w*-]+\.(?:c|h|py|sh|rst|md|config|def|patch)"


def load(name):
    """A script of harness/, which has no suffix, as a module."""
    loader = importlib.machinery.SourceFileLoader(f"harness_{name}", str(TOP / "harness" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class Tree:
    """Names of what is in this tree, and of files of the base that it mentions."""

    def __init__(self):
        self.files = tracked()
        patches = sorted((TOP / "base").glob("*/patches/*.patch"))
        self.patches = "\n".join(read(path) for path in patches)
        base = set(re.findall(r"^[+-]{3} [ab]/(\S+)", self.patches, re.MULTILINE))
        removed = re.sub(r"#.*", "", read(TOP / "base/replaced"))
        callers = re.search(r"^callers=\((.*?)\)", read(TOP / "harness/compile.sh"), re.S | re.M)
        base.update(removed.split())
        base.update(name.replace(".o", ".c") for name in callers[1].split())
        # the kernel has these files, too
        base.update(name for name in self.files if name.endswith("/index.rst"))
        self.paths = set(self.files) | base
        for name in list(self.paths):
            parts = name.split("/")
            self.paths.update("/".join(parts[:n]) for n in range(1, len(parts)))
        self.names = {name.rpartition("/")[2] for name in self.paths}
        sources = [TOP / name for name in self.files if re.search(r"\.[ch]$", name)]
        self.sources = "\n".join(read(path) for path in sources)
        self.code = self.sources + self.patches
        self.scripts = "\n".join(read(TOP / name) for name in self.files
                                 if name.startswith(("harness/", ".ci/")) or name == "Makefile")

    def has_path(self, path):
        return bool(fnmatch.filter(self.paths, path.rstrip("/")))

    def has_name(self, name):
        return bool(fnmatch.filter(self.names, name))


def words(page):
    """The words of the literals and blocks of a page that may be names."""
    texts = page.literals + [block for _, block in page.blocks]
    texts += re.findall(r"\]\(([^)#]+)\)", page.text) if page.path.suffix == ".md" else []
    for text in texts:
        for word in text.split():
            yield word.strip("'\"`,;:()").rstrip(".")


def check_paths(docs):
    """each path and file that is named exists"""
    tree = Tree()
    tops = {path for path in tree.paths if "/" not in path}
    complaints, seen = [], 0
    for page in docs.all:
        for word in words(page):
            first, slash, rest = word.partition("/")
            if first == "build" and slash and re.fullmatch(r"[\w./-]*", rest):
                made = rest.partition("/")[0] or first
                known = made in tree.scripts
            elif slash and first in tops and re.fullmatch(r"[\w.*/-]+", word):
                known = tree.has_path(word)
            elif re.fullmatch(r"[a-z]+/[\w/]+\.h", word):
                known = f"<{word}>" in tree.sources
            elif re.fullmatch(SOURCE, word) or re.fullmatch(r"[a-z]+_test", word):
                known = tree.has_name(word) or tree.has_name(f"{word}.c") or word in tree.scripts
            else:
                continue
            seen += 1
            if not known:
                complaints.append(f"{page.name}: there is no {word}")
    return complaints if seen else ["no path found"]


def check_names(docs):
    """each function, array, structure and macro of ours that is named exists"""
    tree = Tree()
    complaints, seen = [], 0
    for page in docs.all:
        developers = page.name in ("HACKING.md", "Documentation/security/seccomp.rst")
        texts = page.literals + ([block for _, block in page.blocks] if developers else [])
        for text in texts:
            names = re.findall(r"\b(\w+)(?=\(\)|\[\])", text)
            names += re.findall(r"\bstruct (\w+)", text)
            names += re.findall(r"\bSECCOMP_\w+\*?", text)
            if developers:
                names += re.findall(r"^[A-Z][A-Z0-9]*_[A-Z0-9_]+\*?$", text)
            for name in names:
                # suffixes of names, such as _NR and _NAME
                if name.startswith("_"):
                    continue
                seen += 1
                pattern = rf"\b{re.escape(name.rstrip('*'))}"
                if not name.endswith(("*", "_")):
                    pattern += r"\b"
                if not re.search(pattern, tree.code + tree.scripts):
                    complaints.append(f"{page.name}: nothing is called {name}")
    return complaints if seen else ["no name found"]


def check_settings_named(docs):
    """each sysctl, parameter and configuration symbol of ours that is named exists"""
    known = set(sysctls())
    parameters = set(re.findall(r'__setup\("seccomp\.(\w+)=', "".join(map(code, sources()))))
    parameters |= {name for path in SECCOMP.glob("*_test.c")
                   for name in re.findall(r"^module_param\((\w+),", read(path), re.MULTILINE)}
    symbols = "\n".join(read(path) for path in (TOP / "base/config").glob("*.config"))
    symbols += read(TOP / "harness/configs")
    complaints = []
    for page in docs.all:
        for name in re.findall(r"(?:kernel\.seccomp\.|/proc/sys/kernel/seccomp/)(\w+)", page.text):
            if name not in known:
                complaints.append(f"{page.name}: there is no sysctl {name}")
        for name in re.findall(r"``?seccomp\.(\w+)=", page.text):
            if name not in parameters:
                complaints.append(f"{page.name}: there is no parameter seccomp.{name}")
        for name in re.findall(r"\bCONFIG_\w+", page.text):
            # a type of audit record
            if name != "CONFIG_CHANGE" and not re.search(rf"\b{name}=", symbols):
                complaints.append(f"{page.name}: no configuration has {name}")
    return complaints


def command_lines(page):
    """Commands: literals, and lines of blocks after a prompt, with their continuations."""
    yield from page.literals
    for _, block in page.blocks:
        block = re.sub(r"[|;]\n +", lambda found: found[0][0] + " ", block)
        for line in block.splitlines():
            found = re.match(r" *(?:[#$] |(?=make ))(.*)", line)
            if found:
                yield found[1]


def split(command):
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def check_make(docs):
    """each make target and variable that is named exists"""
    makefile = read(TOP / "Makefile")
    targets = set(re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[1].split())
    variables = set(re.search(r"^export (CMD .*)", makefile, re.MULTILINE)[1].split())
    variables |= set(re.findall(r'\$\((?:or \$\()?([A-Z]+)\)', makefile))
    tree = Tree()
    complaints, seen = [], 0
    for page in docs.all:
        for command in command_lines(page):
            line = split(command)
            while line and re.fullmatch(r"[A-Z0-9_]+=1", line[0]):
                name = line.pop(0).partition("=")[0]
                if name not in variables:
                    complaints.append(f"{page.name}: make does not pass on {name}")
            if line[:1] != ["make"]:
                continue
            seen += 1
            if line[1:2] == ["-C"]:
                if not tree.has_path(line[2]):
                    complaints.append(f"{page.name}: make -C {line[2]}: there is no such folder")
                continue
            for word in line[1:]:
                name, is_variable, _ = word.partition("=")
                if name not in (variables if is_variable else targets | KERNEL_TARGETS):
                    complaints.append(f"{page.name}: make has no {word}")
    return complaints if seen else ["no make found"]


def check_commands(docs):
    """each command, and each verb and long option of our scripts and tools, exists"""
    tree = Tree()
    verbs = set(re.findall(r'^\t\{ "(\w+)", cmd_', read(TOP / "tools/seccomp/sclog.c"),
                           re.MULTILINE))
    sclog = "\n".join(read(path) for path in sorted((TOP / "tools/seccomp").glob("*.c")))
    options = set(re.findall(r'"([a-z][a-z-]*)",\s*(?:no|required|optional)_argument', sclog))
    complaints, seen = [], 0
    for page in docs.all:
        examples = {name for _, text in page.c_blocks()
                    for name in re.findall(r'"(\w+): ', text)}
        examples |= {name for _, text in page.c_blocks()
                     for name in re.findall(r'perror\("(\w+)"\)', text)}
        for command in command_lines(page):
            line = split(command.partition(" -- ")[0])
            if not line:
                continue
            if line[0] in verbs and len(line) > 1 and line[1].startswith("-"):
                line.insert(0, "sclog")
            long = [word[2:].partition("=")[0] for word in line if re.match(r"--\w", word)]
            if line[0] == "sclog" and len(line) > 1:
                seen += 1
                complaints += [f"{page.name}: sclog has no {line[1]}"
                               for _ in line[:1] if line[1] not in verbs]
                complaints += [f"{page.name}: sclog has no --{name}" for name in long
                               if name not in options]
            elif line[0].startswith("harness/") and tree.has_path(line[0]) and long:
                seen += 1
                script = read(TOP / line[0])
                complaints += [f"{page.name}: {line[0]} has no --{name}" for name in long
                               if f'"--{name}"' not in script and f"--{name})" not in script]
        for _, block in page.blocks:
            for command in re.findall(r"^ *[#$] (.*)", block, re.MULTILINE):
                name = split(command)[0].partition("=")[0]
                if name.startswith("./"):
                    if name[2:] not in examples:
                        complaints.append(f"{page.name}: no C here makes {name}")
                elif name not in PROGRAMS:
                    complaints.append(f"{page.name}: {name} is no known program")
    return complaints if seen else ["no command found"]


def message_formats():
    """The formats of sclog's messages, each as a list of literals and conversions."""
    says = r'\b(?:pr_\w+|v?warnx?|v?errx?|error|usage)\((?:\w+, )*"((?:[^"\\]|\\.)*)"'
    for path in sorted((TOP / "tools/seccomp").glob("*.c")):
        for text in re.findall(says, re.sub(r'"\s*"', "", read(path))):
            yield re.split(r"(%[-+ #0-9.*]*(?:ll?|z|h)?[a-zA-Z])", text)


def expression(pieces):
    """A regular expression for the output of pieces of a format."""
    parts, before = [], ""
    for piece in pieces:
        if not piece.startswith("%"):
            parts.append(re.escape(piece))
        elif piece.endswith("s"):
            # after a letter it is the end of a word
            parts.append("[a-z]*" if before[-1:].isalpha() else ".*")
        else:
            parts.append(r"[\w.]+")
        before = piece
    return "".join(parts)


def says(pieces, message):
    """Can a format with these pieces print the message, or its start before "..."?"""
    if sum(len(piece.strip()) for piece in pieces[::2]) < 8:
        return False
    if not message.endswith("..."):
        return bool(re.fullmatch(expression(pieces), message))
    beginning = message[:-3].rstrip()
    return any(len("".join(pieces[:number:2])) >= 8 and
               re.fullmatch(expression(pieces[:number] + [pieces[number][:length]]), beginning)
               for number in range(0, len(pieces), 2) for length in range(len(pieces[number]) + 1))


def check_output(docs):
    """what sclog says in the documents is what it can say"""
    formats = list(message_formats())
    complaints, seen = [], 0
    for page in docs.all:
        for line, block in page.blocks:
            lines = re.split(r"^ *(?=sclog: |[#$] )", block, flags=re.MULTILINE)
            for said in (text.splitlines() for text in lines if text.startswith("sclog: ")):
                seen += 1
                message = said[0].partition(": ")[2]
                # a line of the page may be broken
                joined = message + " " + said[1].strip() if len(said) > 1 else message
                if not any(says(pieces, text) for text in (message, joined) for pieces in formats):
                    complaints.append(f"{page.name}:{line}: sclog does not say: {message}")
    return complaints if seen else ["no output found"]


def check_stages(docs):
    """the tables of stages are those of harness/test"""
    test = load("test")
    tables = re.findall(r"^\| stage \|.*\n\|---.*\n((?:\|.*\n)+)", docs.page("HACKING.md").text,
                        re.MULTILINE)
    # of another base than the default one, its tests are not those of others
    elsewhere = () if where.BASE == where.DEFAULT_BASE else \
        tuple(f"-{base}" for base in where.OTHER_BASES)
    shown = [{name for row in table.splitlines()
              for name in re.findall(r"`([\w.-]+)`", row.split("|")[1])
              if not name.endswith(elsewhere)} for table in tables]
    wanted = [{test.FIRST[0]} | {name for lane in test.LANES for name, _ in lane},
              {name for lane in test.DEEP_LANES for name, _ in lane}]
    if shown == wanted:
        return []
    return [f"not both in harness/test and HACKING.md: {' '.join(sorted(left ^ right))}"
            for left, right in zip(shown, wanted)] or ["HACKING.md has no tables of stages"]


def check_bench(docs):
    """the tables of bench/README.md are those of bench/figures, make flood and make limits"""
    bench, flood, limits = load("bench"), load("flood"), load("limits")
    shown = bench.Table("bench")
    titles = {"flood": [*flood.SCENARIOS.values(), *flood.ROWS.values()],
              "limits": [title for *_, title in limits.FIGURES]}
    tables = {target: bench.Table(target) for target in titles}
    if not all(table.there for table in [shown, *tables.values()]):
        return ["bench/README.md lacks a table"]
    missing = [f"the table of make {target} has no | {title} |"
               for target, wanted in titles.items() for title in wanted
               if f"| {title} |" not in tables[target].text]
    if missing:
        return missing
    if shown.text != bench.table(bench.committed()):
        return ["the table of make bench is another: make bench UPDATE=1"]
    return []


def check_readme(docs):
    """README.md is short, and links every other document"""
    text = docs.page("README.md").text
    lines = len(text.splitlines())
    complaints = [f"README.md has {lines} lines"] if lines > README_LINES else []
    links = set(re.findall(r"\]\(([^)#]+)\)", text))
    wanted = {"HACKING.md", "bench/README.md", "Documentation/userspace-api/seccomp_filter.rst",
              "Documentation/admin-guide/seccomp-log.rst", "Documentation/security/seccomp.rst",
              "tools/seccomp/sclog.1", "tools/seccomp/sclog-policy.5"}
    return complaints + [f"README.md does not link {name}" for name in sorted(wanted - links)]


def check_index(docs):
    """each page for programs is in the index of its folder"""
    index = docs.page("Documentation/userspace-api/index.rst").text
    return [f"index.rst does not have {page.path.stem}" for page in docs.rst
            if page.path.parent.name == "userspace-api" and page.path.stem != "index" and
            not re.search(rf"\b{page.path.stem}\b", index)]


def test_names():
    """All tests: KUnit cases, kselftests by fixture or file, bench rows, guest tests."""
    names = {name for path in SECCOMP.glob("*_test.c")
             for name in re.findall(r"^\tKUNIT_CASE\((\w+)\)", read(path), re.MULTILINE)}
    for path in (TOP / "tools/testing/selftests/seccomp").glob("*_test.c"):
        text = read(path)
        names |= {f"{path.stem[:-len('_test')]}.{name}"
                  for name in re.findall(r"^TEST\((\w+)\)", text, re.MULTILINE)}
        names |= {".".join(found) for found in
                  re.findall(r"^TEST_F\w*\((\w+), (\w+)", text, re.MULTILINE)}
    names |= {"bench." + line.partition("\t")[0]
              for line in read(TOP / "bench/figures").splitlines() if not line.startswith("#")}
    return names | {path.name for path in (TOP / "harness/guest").glob("*_test")}


def check_threats(docs):
    """each attack has a test that exists, or says that it is untested"""
    page = docs.page("Documentation/security/seccomp-threats.rst").text
    attacks = re.findall(r"(?<=\n\n)(\w.*)\n((?:    .*\n|\n)+)", page)
    known = test_names()
    complaints = [] if attacks else ["no attack found"]
    for attack, text in attacks:
        tests = re.search(r"^    :Tests:((?:.*\n)(?: {5,}.*\n)*)", text, re.MULTILINE)
        named = re.findall(r"``([^`]+)``", tests[1]) if tests else []
        if not named and "\n    :Untested: " not in text:
            complaints.append(f"{attack}: neither tests nor untested")
        complaints += [f"{attack}: there is no test {name}" for name in named if name not in known]
    return complaints


def check_quick_start(docs):
    """the guide for authors starts with a quick start of one screen"""
    text = docs.page("Documentation/userspace-api/seccomp_filter.rst").text
    labels = re.findall(r"^\.\. _(\w+):", text, re.MULTILINE)
    if labels[0] != "seccomp_quickstart":
        return [f"it starts with {labels[0]}"]
    lines = len(docs.part("seccomp_quickstart").splitlines())
    return [f"it has {lines} lines"] if lines > QUICK_START_LINES else []


def check_maintainers(docs):
    """MAINTAINERS has all files, and no others"""
    tree = Tree()
    patterns = re.findall(r"^F:\t(\S+)", read(TOP / "MAINTAINERS"), re.MULTILINE)
    complaints = [f"there is no {name}" for name in patterns if not tree.has_path(name)]
    for name in tree.files:
        covered = any(name.startswith(pattern) if pattern.endswith("/") else
                      fnmatch.fnmatch(name, pattern) and name.count("/") == pattern.count("/")
                      for pattern in patterns)
        if not covered and (name.endswith((".rst", ".md")) or
                            name.startswith(("kernel/", "include/", "harness/", "base/"))):
            complaints.append(f"{name} has no maintainer")
    return complaints


def check_interface_named(docs):
    """each flag, action and request that is named is in the binary interface"""
    defined = set(re.findall(r"\b(SECCOMP_\w+)", read(UAPI)))
    internal = Tree().code
    return [f"{page.name}: there is no {name}" for page in docs.all
            for name in set(re.findall(r"(?<!\w)SECCOMP_\w*[A-Z0-9]\b(?!\*)", page.text))
            if name not in defined and not re.search(rf"\b{name}\b", internal)]


CHECKS = [check_paths, check_names, check_settings_named, check_interface_named, check_make,
          check_commands, check_output, check_stages, check_bench, check_readme,
          check_index, check_threats, check_quick_start, check_maintainers]
