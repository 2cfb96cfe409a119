"""A change as a series of patches, each of which compiles, in an order that reviewers can follow."""
