"""`python -m zhongshu` is the command `zhongshu`."""

import sys

from zhongshu.app import main

sys.exit(main())
