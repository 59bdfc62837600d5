# SPDX-License-Identifier: GPL-2.0
"""The result of our files and patches on a base kernel: for series and apply.

A tree is a dictionary from paths to (mode, contents) here. It only has the files
that we change, add or remove.
"""
import fnmatch
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from where import TOP

BASES = TOP / "base"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or
                     pathlib.Path.home() / ".cache") / "seccomp-log"
MAINTAINERS = "MAINTAINERS"
# the section of the base's MAINTAINERS that ours replaces
SECTION = "SECURE COMPUTING"


def die(text):
    sys.exit(print(f"error: {text}", file=sys.stderr) or 1)


def step(word, text):
    print(f"{word:9} {text}", file=sys.stderr, flush=True)


def listed(path):
    """The lines of a file without comments and empty lines."""
    return [line for line in path.read_text().splitlines() if line and line[0] != "#"]


def versions():
    """All bases, the oldest first."""
    return sorted((path.parent.name for path in BASES.glob("*/package")),
                  key=lambda name: [int(part) for part in name.split(".")])


def read_tree(top, paths):
    """The regular files among these paths and below them."""
    tree = {}
    for path in paths:
        for file in sorted((top / path).rglob("*")) if (top / path).is_dir() else [top / path]:
            if file.is_file():
                mode = 0o755 if os.access(file, os.X_OK) else 0o644
                tree[str(file.relative_to(top))] = (mode, file.read_bytes())
    return tree


def write_file(top, path, entry):
    """Write a file of a tree below top; remove it if the entry is None."""
    file = top / path
    if entry is None:
        file.unlink(missing_ok=True)
        for folder in list(file.parents)[:-len(top.parents) - 1]:
            if not folder.exists() or any(folder.iterdir()):
                break
            folder.rmdir()
        return
    mode, contents = entry
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and os.access(file, os.X_OK) == bool(mode & 0o100):
        mode = file.stat().st_mode & 0o7777
    # a new file, since another tree may have hard links to the old one
    fresh = file.with_name(file.name + ".seccomp-log")
    fresh.write_bytes(contents)
    fresh.chmod(mode)
    fresh.replace(file)


def our_files():
    """Our files that belong into the kernel tree."""
    pathspecs = listed(TOP / "series/files")
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z", "--", *pathspecs],
                         cwd=TOP, check=True, capture_output=True, text=True).stdout
    return sorted({path for path in out.split("\0") if path and (TOP / path).is_file()})


def our_section():
    """The section of our MAINTAINERS for the kernel tree."""
    return (TOP / MAINTAINERS).read_text().split("\n\n")[0].strip() + "\n"


def with_our_section(text):
    """The base's MAINTAINERS with our section instead of the base's."""
    sections = text.split("\n\n")
    found = [n for n, section in enumerate(sections) if section.split("\n")[0] == SECTION]
    if len(found) != 1:
        die(f"{MAINTAINERS}: {len(found)} sections {SECTION}")
    sections[found[0]] = our_section().rstrip("\n")
    return "\n\n".join(sections)


class Base:
    """One base kernel."""

    def __init__(self, version):
        self.version = version
        self.folder = BASES / version
        if not (self.folder / "package").exists():
            die(f"BASE={version}: there is {', '.join(versions())}")
        self.package = (self.folder / "package").read_text().strip()
        self.archive = pathlib.Path(f"/usr/src/{self.package}.tar.xz")
        self.patches = sorted((self.folder / "patches").glob("*.patch"))
        self.replaced = listed(BASES / "replaced")
        self.oldest, self.oldest_why = (self.folder / "oldest").read_text().strip().split(" ", 1)

    def install(self):
        subprocess.run([TOP / "harness/packages", self.folder / "package"], cwd=TOP, check=True)

    def package_version(self):
        return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package],
                              check=True, capture_output=True, text=True).stdout

    def copies(self):
        """Copies of our files that this base has in other places: {copy: file}."""
        path = self.folder / "copies"
        return {copy: file for file, copy in map(str.split, listed(path))} if path.exists() else {}

    def patched_files(self):
        return sorted({match for patch in self.patches for match in
                       re.findall(r"^(?:\+\+\+ b|--- a)/(\S+)", patch.read_text(), re.M)})

    def paths(self):
        """All paths that may differ between the pristine tree and ours."""
        return sorted({MAINTAINERS, *self.replaced, *self.patched_files(), *self.copies(),
                       *our_files()})

    def pristine(self):
        """These paths in the unchanged base."""
        paths = self.paths()
        key = hashlib.sha256("\n".join([self.package_version(), *paths]).encode()).hexdigest()[:12]
        folder = CACHE / f"pristine-{self.version}-{key}"
        if not folder.exists():
            step("unpack", f"{self.package}, the files that are changed")
            CACHE.mkdir(parents=True, exist_ok=True)
            for old in CACHE.glob(f"pristine-{self.version}-*"):
                shutil.rmtree(old)
            work = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
            names = work / ".names"
            names.write_text("".join(f"{self.package}/{path}\n" for path in paths))
            tar = subprocess.run(["tar", "-C", work, "--strip-components=1", "-xJf", self.archive,
                                  "-T", names], capture_output=True, text=True)
            # our new files are not in the archive
            bad = [line for line in tar.stderr.splitlines()
                   if "Not found in archive" not in line and "previous errors" not in line]
            if bad or not (work / MAINTAINERS).exists():
                shutil.rmtree(work)
                die(f"{self.archive}: {' '.join(bad) or 'no kernel source'}")
            names.unlink()
            work.chmod(0o755)
            work.rename(folder)
        return read_tree(folder, paths)

    def patched(self, tree, patch):
        """The tree after one patch to files of the base."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            paths = set(re.findall(r"^(?:\+\+\+ b|--- a)/(\S+)", patch.read_text(), re.M))
            for path in paths & tree.keys():
                write_file(folder, path, tree[path])
            done = subprocess.run(["patch", "-d", folder, "-p1", "--batch", "--forward", "-F0",
                                   "--no-backup-if-mismatch", "-i", patch],
                                  capture_output=True, text=True)
            if done.returncode:
                die(f"{patch.relative_to(TOP)} does not apply to {self.package}: {done.stdout}")
            rest = {path: entry for path, entry in tree.items() if path not in paths}
            return rest | read_tree(folder, sorted(paths))

    def is_replaced(self, path):
        return any(path == own or path.startswith(own + "/") for own in self.replaced)

    def ours(self, pristine):
        """These paths with all of our changes."""
        tree = {path: entry for path, entry in pristine.items() if not self.is_replaced(path)}
        for patch in self.patches:
            tree = self.patched(tree, patch)
        tree |= read_tree(TOP, our_files())
        for copy, file in self.copies().items():
            tree[copy] = tree[file]
        mode, text = tree[MAINTAINERS]
        tree[MAINTAINERS] = (mode, with_our_section(text.decode()).encode())
        return tree


def matches(path, pattern):
    """Does a line of a file list match the path? A folder matches all below it."""
    return fnmatch.fnmatchcase(path, pattern) or (pattern.endswith("/") and path.startswith(pattern))
