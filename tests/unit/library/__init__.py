"""Tests of what finds packs."""
