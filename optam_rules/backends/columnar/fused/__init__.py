"""The rules of a call as one compiled loop over machine integers, for rows that tell all they read; needs the extra `kernel`."""
