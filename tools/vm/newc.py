# SPDX-License-Identifier: GPL-2.0-only
"""Archives as the kernel unpacks them into its first root file system: cpio's "newc".

Several of them one behind the other are one file system, in which a later file
replaces an earlier one of the same name. So the large part is made once and the
small part with each change (tools/vm/root, kernel, overlay). Nothing here needs root:
owners and modes are only written down. Format: the kernel's
Documentation/driver-api/early-userspace/buffer-format.rst.
"""

import os
import stat

ALIGNMENT = 512  # of a whole archive, so that another one can follow


class Archive:
    """Written to a binary file; a with block ends it."""

    def __init__(self, file):
        self.file = file
        self.inode = 0
        self.known = set()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.entry('TRAILER!!!', 0)
            self.file.write(b'\0' * (-self.file.tell() % ALIGNMENT))

    def entry(self, name, mode, data=b'', device=(0, 0), owner=(0, 0)):
        """One entry, as it is; a name has no slash in front."""
        self.inode += 1
        raw = os.fsencode(name) + b'\0'
        fields = (self.inode, mode, *owner, 1, 0, len(data), 0, 0, *device, len(raw), 0)
        head = b'070701' + b''.join(b'%08x' % field for field in fields) + raw
        self.file.write(head + b'\0' * (-len(head) % 4))
        self.file.write(data + b'\0' * (-len(data) % 4))

    def directory(self, name, mode=0o755, owner=(0, 0)):
        """A folder, and those above it; each once."""
        if name and name not in self.known:
            self.directory(os.path.dirname(name))
            self.known.add(name)
            self.entry(name, stat.S_IFDIR | mode, owner=owner)

    def text(self, name, text, mode=0o644, owner=(0, 0)):
        self.directory(os.path.dirname(name))
        self.entry(name, stat.S_IFREG | mode, text.encode(), owner=owner)

    def link(self, name, target):
        self.directory(os.path.dirname(name))
        self.entry(name, stat.S_IFLNK | 0o777, os.fsencode(target))

    def copy(self, source, name):
        """A file with its mode; it belongs to root, whatever its owner is here."""
        self.directory(os.path.dirname(name))
        with open(source, 'rb') as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            self.entry(name, stat.S_IFREG | mode, file.read())

    def tree(self, source, name, wanted=lambda path: True):
        """A folder with all that is below it; links stay links."""
        self.directory(name)
        for item in sorted(os.scandir(source), key=lambda item: item.name):
            path = os.path.join(name, item.name)
            if not wanted(item.path):
                continue
            if item.is_symlink():
                self.link(path, os.readlink(item.path))
            elif item.is_dir():
                self.tree(item.path, path, wanted)
            elif item.is_file():
                self.copy(item.path, path)


def entries(data):
    """(name, mode, contents, owner) of each entry of an archive."""
    at = 0
    while True:
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        mode, owner, size, length = fields[1], (fields[2], fields[3]), fields[6], fields[11]
        name = os.fsdecode(data[at + 110:at + 109 + length])
        at += 110 + length + -(110 + length) % 4
        if name == 'TRAILER!!!':
            return
        yield name, mode, data[at:at + size], owner
        at += size + -size % 4
