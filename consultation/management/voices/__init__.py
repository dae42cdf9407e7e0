"""Voices from public sources, sent by made-up institutions through the verbs that everybody uses."""
