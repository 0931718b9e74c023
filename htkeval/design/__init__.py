"""How units come to be in an arm, and what measurements such a plan would give."""
