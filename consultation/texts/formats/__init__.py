"""The text as files: what a document says, and each format that says it."""
