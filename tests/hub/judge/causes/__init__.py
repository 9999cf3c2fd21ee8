"""Tests of finding causes."""
