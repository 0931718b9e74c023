"""Delivers what happened to MLflow, exactly once."""
