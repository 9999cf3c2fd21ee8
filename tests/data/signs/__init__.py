"""Tests of the vital signs."""
