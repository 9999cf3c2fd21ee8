"""Make the virtual environment in the folder named, or say in words what is missing. Runs before anything is installed.

A bare Debian or Ubuntu has Python without the package that makes virtual environments: as root it is installed,
otherwise the one command to run is shown.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv

NEEDED = "python{}.{}-venv".format(*sys.version_info)


def main(folder):
    if sys.version_info < (3, 11):
        found = sys.version.split()[0]
        return f"中枢需要 Python 3.11 或更新，现为 {found} · Zhongshu needs Python 3.11 or newer, this is {found}"
    if os.path.exists(os.path.join(folder, "bin", "pip")):
        return None
    if importlib.util.find_spec("ensurepip") is None and not _installed():
        return f"缺少 {NEEDED}，请执行 · missing, please run: sudo apt-get install {NEEDED}"
    venv.create(folder, with_pip=True, clear=True)
    return None


def _installed():
    """Whether the system's own package could be installed just now."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    sys.stderr.write(f"安装 {NEEDED} · installing {NEEDED} from the distribution\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", NEEDED]):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
