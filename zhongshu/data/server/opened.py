"""The database that the settings name: your own by DATABASE_URL, otherwise the embedded one of this home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhongshu.data.server import dumps
from zhongshu.data.server.supervisor import Server, silent
from zhongshu.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; `server` is None when it isn't ours to start and stop. Close it when done."""

    url: str
    server: Server | None = None

    def close(self) -> None:
        """Leave the embedded server, which stops with its last user; your own server is left alone."""
        if self.server:
            self.server.release()

    def dump(self, path: Path) -> None:
        """Write everything to `path` (pg_dump's custom format)."""
        if self.server:
            self.server.dump(path)
        else:
            dumps.dump(self.url, path)

    def restore(self, path: Path) -> None:
        """Replace the tables by those of a dump, all or nothing."""
        if self.server:
            self.server.restore(path)
        else:
            dumps.restore(self.url, path)


def server_of(settings: Settings, progress: Callable[[str], None] = silent) -> Server:
    """The embedded server of this home, started or not."""
    binaries = Path(settings.postgres_binaries).expanduser() if settings.postgres_binaries else None
    return Server(settings.home_path / "postgres", binaries, progress)


def open_database(settings: Settings, progress: Callable[[str], None] = silent) -> Database:
    """Open what the settings name, starting the embedded server when needed; ServerError says why it can't."""
    if settings.database_url:
        return Database(settings.database_url)
    server = server_of(settings, progress)
    try:
        return Database(server.ensure(), server)
    except BaseException:
        # An interrupted or failed start must not leave a server that nobody uses.
        server.release()
        raise
