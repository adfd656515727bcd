"""What happened to one child, mother or family, in one list: on a page by kind, and on paper."""
