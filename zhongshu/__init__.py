"""中枢 Zhongshu: an open City Brain, from a citizen's words to proven closure."""

__version__ = "0.1.0"
