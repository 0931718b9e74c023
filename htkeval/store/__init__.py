"""Append-only events, immutable blobs, and the outbox to MLflow."""
