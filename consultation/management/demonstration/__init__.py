"""The demonstration: imagined institutions whose people use the same verbs as everybody else."""
