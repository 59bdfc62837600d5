# SPDX-License-Identifier: GPL-2.0
# Checks of the documents against the code: they must name what it has, and be right
# about it. Each returns complaints, none if it passes.
import re

from documents import (FIELD, SECCOMP, TOP, UAPI, code, function_with, functions, read, sources,
                       strings, unnamed)

# Names of the binary interface that users do not need
INTERNAL = re.compile(r"SECCOMP_(IO[RW]*|IOC_MAGIC|RET_ACTION)$")
# Errors that never reach user space by that name
INTERNAL_ERRORS = {"EAGAIN", "EEXIST", "ENAMETOOLONG", "ENOSPC", "ENOTSUPP", "ERESTARTSYS"}
# Limits: the macro in the code, and the row in the guide
LIMITS = {
    "BIT_SCANS_MAX": "Comparisons of single bits of the number that are followed",
    "SECCOMP_CHAIN_INSNS_MAX": "Instructions of a chain",
    "SECCOMP_FILTER_INSNS_EXTRA": "What each filter that is already there adds to that",
    "SECCOMP_ACTION_NAMES_MAX": "Bytes of a write to a set of actions",
    "SECCOMP_CHAIN_TABLES_MAX": "Tables of a chain",
    "SECCOMP_TABLE_SIZE": "Bytes of a table of constant answers",
    "PART_TEXT": "Bytes of ``syscalls=`` in a part",
    "READY_MAX": "Summaries that wait for audit, before an exit waits for its own",
    "WATCHED_MAX": "Summaries of a user's filters that are watched",
    "CHECKS_MAX": "How often it is checked whether a summary is lost",
    "FILTER_LOG_GAPS": "Ranges of numbers that no architecture has, in a summary",
    "RECORD_TEXT": "Bytes of a record, after its number",
    "ONCE_BITS": "Kinds of calls that log once remembers, for each filter",
    "ONCE_PROBES": "Places for each of them",
}
# Costs in the administrator's page: their rows in bench/figures
COSTS = {
    "Without a filter": ["native"],
    "Allowed, by one filter or by twenty": ["allow", "allow-20"],
    "Refused with an error, not logged: it does not run": ["errno"],
    "A repetition that log once leaves out": ["log-once"],
    "Allowed after a look at an argument": ["argument"],
    "Logged, no daemon, not printed by the rate limit": ["log"],
    "Logged, to the kernel log": ["log-printed"],
    "Logged, to auditd": ["log-daemon"],
    "The first record of a filter under log once": ["log-once-first"],
    "Attaching that filter": ["attach"],
    "Attaching it if another process has it": ["attach-same"],
}


def fields(text):
    return [name for string in strings(text) for name in FIELD.findall(string)]


def sysctls():
    return re.findall(r'\.procname\s*=\s*"(\w+)"', code(SECCOMP / "sysctl.c"))


def check_settings(docs):
    """sysctls and parameters are in the administrator's page"""
    page = docs.page("Documentation/admin-guide/seccomp-log.rst").text
    operations = re.findall(r'\.extra1\s*=\s*"([\w-]+)"', code(SECCOMP / "sysctl.c"))
    parameters = [name.rstrip("=") for path in sources()
                  for name in re.findall(r'__setup\("([^"]+)"', code(path))]
    modes = re.findall(r'\.procname\s*=\s*"(\w+)",.*?\.mode\s*=\s*(\d+)',
                       code(SECCOMP / "sysctl.c"), re.DOTALL)
    rows = re.findall(r"^``(\w+)`` +(\d+)", docs.part("seccomp_sysctl"), re.MULTILINE)
    complaints = []
    if not modes or rows != modes:
        complaints = [f"the code has  {modes}", f"the table has {rows}"]
    return (complaints +
            unnamed(operations, docs.part("seccomp_sysctl"), "record of a change") +
            unnamed(operations, docs.part("seccomp_change_fields"), "record of a change") +
            unnamed(parameters, page, "parameter"))


def check_audited_first(docs):
    """the administrator's page begins with actions_logged_audited and its cost"""
    page = docs.page("Documentation/admin-guide/seccomp-log.rst").text
    labels = re.findall(r"^\.\. _(\w+):", page, re.MULTILINE)
    if labels[:2] != ["seccomp_audited", "seccomp_sysctl"]:
        return [f"it begins with {' '.join(labels[:2])}"]
    return unnamed(["actions_logged_audited", "seccomp_cost"], docs.part("seccomp_audited"),
                   "what comes first,")


def check_messages(docs):
    """messages to the kernel log are in the administrator's page"""
    page = " ".join(docs.page("Documentation/admin-guide/seccomp-log.rst").text.split())
    messages = [re.sub(r"%\w+", "N", text).replace("\\n", "")
                for path in sources() + [TOP / "kernel/seccomp.c"]
                for text in re.findall(r'\bpr_\w+\("((?:[^"\\]|\\.)*)"', code(path))]
    return unnamed(messages, page, "message")


def check_interface(docs):
    """the names of the binary interface are in the guide"""
    names = re.findall(r"^#define (SECCOMP_\w+)", code(UAPI), re.MULTILINE)
    return unnamed([name for name in names if not INTERNAL.match(name)], docs.guide, "name")


def check_actions(docs):
    """each action is in the table, with its value and name"""
    values = dict(re.findall(r"^#define (SECCOMP_RET_\w+)\s+(0x\w+)U", code(UAPI), re.MULTILINE))
    actions = re.findall(r'\{\s*(SECCOMP_RET_\w+), "(\w+)"', code(SECCOMP / "action.c"))
    rows = re.findall(r"^``(SECCOMP_RET_\w+)``\s+(0x\w+)\s+(\w+)", docs.part("seccomp_actions"),
                      re.MULTILINE)
    wanted = [(action, values[action], name) for action, name in actions]
    if wanted and rows == wanted:
        return []
    return [f"the code has {' '.join(row)}" for row in wanted] + \
           [f"the guide has {' '.join(row)}" for row in rows]


def expanded(name, bodies, outer=()):
    """The body of a function, with the functions that it calls expanded."""
    def call(found):
        inner = found[1]
        if inner not in bodies or inner in (*outer, name):
            return found[0]
        return expanded(inner, bodies, (*outer, name)) + found[0]

    return re.sub(r"\b(\w+)\(", call, bodies[name])


def record_fields():
    """The record's fields in their order."""
    body = expanded("seccomp_record_call", functions())
    # the names of the arguments are in a table above the code that writes them
    table = re.search(r"names\[\] = \{.*?\};", body, re.DOTALL)
    if table:
        body = body.replace(table[0], "").replace("names[i]", table[0], 1)
    return list(dict.fromkeys(fields(body)))


def records():
    """The fields of each kind of record, by the label of its table."""
    return {"record": record_fields(),
            "logs": fields(function_with("op=seccomp-filter-logs")),
            "gone": fields(function_with("op=seccomp-filter-gone")),
            "change": fields(function_with("old-actions="))}


def check_record(docs):
    """the fields of each record are in its table, in their order"""
    complaints = []
    for label, wanted in records().items():
        rows = docs.rows(f"seccomp_{label}_fields")
        if not wanted or rows != wanted:
            complaints += [f"{label}: the code has  {' '.join(wanted)}",
                           f"{label}: the table has {' '.join(rows)}"]
    everything = {name for path in sources() for name in fields(code(path))}
    return complaints + unnamed(sorted(everything), docs.literals, "field")


def check_examples(docs):
    """the records shown have the fields of their tables"""
    complaints = []
    for label in records():
        rows = docs.rows(f"seccomp_{label}_fields")
        shown = docs.example(f"seccomp_{label}_example")
        # there is no label without a security module
        if not rows or shown != [name for name in rows if name != "subj"]:
            complaints += [f"{label}: the table has   {' '.join(rows)}",
                           f"{label}: the example has {' '.join(shown)}"]
    return complaints


def shown_records(page):
    """Each record in the blocks of a page, in one line; not what is shortened."""
    for line, block in page.blocks:
        for chunk in re.split(r"^ *(?=type=|-{4}|[#$] |\.\.\.)", block, flags=re.MULTILINE):
            record = " ".join(chunk.split("\n\n")[0].split())
            if re.match(r"type=\w+ msg=audit\(", record):
                yield line, record


def check_shown(docs):
    """all records shown in any document are whole"""
    kinds = {kind: [name for name in names if name != "subj"]
             for kind, names in records().items()}
    complaints, seen = [], 0
    for page in docs.all:
        for line, record in shown_records(page):
            if record.startswith("type=SECCOMP"):
                kind = "record"
            elif record.startswith("type=CONFIG_CHANGE"):
                kind = "change"
            else:
                kind = "gone" if "op=seccomp-filter-gone" in record else "logs"
            seen += 1
            shown = FIELD.findall(re.split(r"\) ?: ", record, 1)[1])
            if shown != kinds[kind]:
                complaints.append(f"{page.name}:{line}: {record[:60]}... has {' '.join(shown)}")
    return complaints if seen else ["no record found"]


def check_limits(docs):
    """limits are what the code has"""
    limits = dict(re.findall(r"^(\S.*?) +(\d+)$", docs.part("seccomp_limits"), re.MULTILINE))
    text = "\n".join(code(path) for path in sources())
    complaints = []
    for macro, row in LIMITS.items():
        found = re.search(rf"^#define {macro}\s+(\d+)\s*$", text, re.MULTILINE)
        value = int(found[1]) if found else None
        if found and macro.endswith("_BITS"):
            value = 1 << value
        if limits.get(row) != str(value):
            complaints.append(f"{row}: the code has {value}, the guide {limits.get(row)}")
    return complaints


def check_errors(docs):
    """each error that the code returns is in the page of errors"""
    page = docs.page("Documentation/userspace-api/seccomp_errors.rst").text
    errors = {name for path in sources() + [TOP / "kernel/seccomp.c"]
              for name in re.findall(r"-(E[A-Z0-9]{3,})\b", code(path))}
    return unnamed(sorted(errors - INTERNAL_ERRORS), page, "error")


def check_costs(docs):
    """costs are those of bench/figures, rounded to two digits"""
    figures = {}
    for line in read(TOP / "bench/figures").splitlines():
        if not line.startswith("#"):
            name, _, ours, *_ = line.split("\t")
            figures[name] = int(ours or 0)
    shown = dict(re.findall(r"^(\S.*?) {2,}(\d+)$", docs.part("seccomp_cost"), re.MULTILINE))
    complaints = [f"{row}: not in COSTS" for row in shown if row not in COSTS]
    for row, names in COSTS.items():
        rounded = {f"{float(f'{figures[name]:.2g}'):.0f}" if name in figures else "no figure"
                   for name in names}
        if rounded != {shown.get(row)}:
            complaints.append(f"{row}: the page has {shown.get(row)}, "
                              f"bench/figures {' '.join(sorted(rounded))}")
    return complaints


def check_map(docs):
    """each file of kernel/seccomp/ is in the pages for developers"""
    files = [path.name for path in sources() if path.suffix == ".c"]
    return [f"{page}: {complaint}" for page in ("HACKING.md", "Documentation/security/seccomp.rst")
            for complaint in unnamed(files, docs.page(page).text, "file")]


CHECKS = [check_map, check_settings, check_audited_first, check_messages, check_interface,
          check_actions, check_record, check_examples, check_shown, check_limits, check_errors,
          check_costs]
