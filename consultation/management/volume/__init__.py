"""Synthetic volume for measurements: many institutions, comments and positions, made fast and always alike.

Rows are inserted as the drafts they are born as and moved along the allowed states, in batches, so that every
guard sees every row. Each batch is a verb: figures, stored truths and the record are kept in its transaction.
Mails are left out: nobody is to be written to.
"""
