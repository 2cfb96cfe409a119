"""What lowering raises when it will not guess."""


class LoweringError(Exception):
    """A function whose control flow cannot be told; *offset* is the place in the file *path*."""

    def __init__(self, message: str, path: str, offset: int) -> None:
        super().__init__(message)
        self.message, self.path, self.offset = message, path, offset


# A limit by name: the function is as valid as any other.
class LoweringLimit(LoweringError):  # noqa: N818
    """Statements and expressions are nested too deeply."""
