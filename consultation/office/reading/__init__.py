"""What the pages of the office show, read in a fixed number of queries."""
