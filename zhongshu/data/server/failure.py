"""What goes wrong with the embedded server, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.kernel.errors import ZhongshuError


class ServerError(ZhongshuError):
    """The embedded PostgreSQL can't be made, started, stopped or copied; `log` holds its last lines."""

    def __init__(self, sentence: str, log: Sequence[str] = ()) -> None:
        self.log = list(log)
        super().__init__("\n    ".join([sentence, *self.log]))
