"""application(5): what every daemon of this family has in common, and the order of its life."""
