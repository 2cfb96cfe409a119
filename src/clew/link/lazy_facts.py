"""The facts of a tree too large to hold: made when somebody asks, and again when somebody asks later."""

from collections.abc import Iterator, Mapping

from clew.scan import scan_source
from clew.scan.facts import FileFacts
from clew.scan.mask import mask
from clew.text.lazy import KEPT_BYTES, LazyTexts


class LazyFacts(Mapping[str, FileFacts]):
    """The facts of *texts*, made when they are asked for, and again when they are asked for later."""

    def __init__(self, texts: LazyTexts) -> None:
        self._texts = texts
        self._kept: dict[str, FileFacts] = {}
        self._size = 0
        self._masked: dict[str, str] = {}  # of files whose facts are not kept
        self._masked_size = 0

    def __getitem__(self, path: str) -> FileFacts:
        known = self._kept.get(path)
        if known is None:
            known = self._kept[path] = scan_source(self._texts[path])
            self._size += len(known.masked)
            while self._size > KEPT_BYTES and len(self._kept) > 1:
                self._size -= len(self._kept.pop(next(iter(self._kept))).masked)
        return known

    def masked(self, path: str) -> str:
        """Return the masked text of *path*, without the rest of its facts if need be."""
        known = self._kept.get(path)
        if known is not None:
            return known.masked
        found = self._masked.get(path)
        if found is None:
            found = self._masked[path] = mask(self._texts[path].text).text
            self._masked_size += len(found)
            while self._masked_size > KEPT_BYTES // 4 and len(self._masked) > 1:
                self._masked_size -= len(self._masked.pop(next(iter(self._masked))))
        return found

    def __contains__(self, path: object) -> bool:
        return path in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
