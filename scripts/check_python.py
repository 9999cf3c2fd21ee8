"""Refuse a Python that is too old, in words, before anything is installed."""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"中枢需要 Python 3.11 或更新 · Zhongshu needs Python 3.11 or newer, this is {sys.version.split()[0]}")
