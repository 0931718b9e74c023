"""What could this plan see? Asked of the registered analysis itself, before anybody is measured."""
