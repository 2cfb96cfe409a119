"""A patch as a mail that ``git am`` takes."""

import re
from email.header import Header

from clew import __version__
from clew.text.record import record

_MAGIC = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001"
_SLUG = re.compile(r"[^A-Za-z0-9._]+")
_SLUG_LENGTH = 52  # as git format-patch has it


@record()
class Author:
    """Who commits; *date* as in a mail."""

    name: str
    address: str
    date: str


@record()
class Mail:
    """One patch; *diff* is Latin-1 like the sources."""

    subject: str
    body: str
    diff: str

    def to_bytes(self, author: Author, number: int, total: int) -> bytes:
        """Return the mail."""
        width = len(str(total))
        head = [
            _MAGIC,
            f"From: {_encoded(author.name)} <{author.address}>",
            f"Date: {author.date}",
            f"Subject: [PATCH {number:0{width}}/{total}] {_encoded(self.subject)}",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 8bit",
        ]
        text = "\n".join(head) + f"\n\n{self.body}---\n\n"
        return text.encode() + self.diff.encode("latin-1") + f"-- \nclew {__version__}\n\n".encode()

    def file_name(self, number: int) -> str:
        """Return a name as ``git format-patch`` gives it."""
        slug = _SLUG.sub("-", self.subject)[:_SLUG_LENGTH].strip("-.")
        return f"{number:04}-{slug}.patch"


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode()
