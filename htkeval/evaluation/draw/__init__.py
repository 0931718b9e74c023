"""What chance decided: the lottery that a plan foresees and the one that its rows show."""
