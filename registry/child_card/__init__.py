"""What a child's card says beyond its numbers: weight gain, changes, the paper, the comparison."""
