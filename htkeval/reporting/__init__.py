"""Words and charts that the dashboard and the papers share."""
