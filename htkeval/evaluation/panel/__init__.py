"""Sensitivity: what the reported figure would be with another choice."""
