"""Tests of the room `tutor.practice`."""
