"""What the faces share: the moment and language of a request, its claim, and answers to refusals."""
