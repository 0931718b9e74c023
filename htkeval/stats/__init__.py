"""Arrays in, an answer or its typed absence out. Knows nothing of trials, stores or MLflow."""
