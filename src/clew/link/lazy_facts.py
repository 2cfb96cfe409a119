"""The facts of a tree too large to hold: made when somebody asks, and again when somebody asks later."""

from collections.abc import Iterator, Mapping

from clew.scan import scan_source
from clew.scan.facts import FileFacts
from clew.scan.mask import mask
from clew.text.lazy import KEPT_BYTES, Kept, LazyTexts


class LazyFacts(Mapping[str, FileFacts]):
    """The facts of *texts*, made when they are asked for, and again when they are asked for later."""

    def __init__(self, texts: LazyTexts) -> None:
        self._texts = texts
        self._kept = Kept[FileFacts](KEPT_BYTES)
        self._masked = Kept[str](KEPT_BYTES // 4)  # of files whose facts are not kept

    def __getitem__(self, path: str) -> FileFacts:
        known = self._kept.get(path)
        if known is None:
            known = scan_source(self._texts[path])
            self._kept.add(path, known, len(known.masked))
        return known

    def masked(self, path: str) -> str:
        """Return the masked text of *path*, without the rest of its facts if need be."""
        known = self._kept.get(path)
        if known is not None:
            return known.masked
        found = self._masked.get(path)
        if found is None:
            found = mask(self._texts[path].text).text
            self._masked.add(path, found, len(found))
        return found

    def __contains__(self, path: object) -> bool:
        return path in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
