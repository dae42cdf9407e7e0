"""The formats of a digest, one a module: each makes the bytes of a whole file from content alone."""
