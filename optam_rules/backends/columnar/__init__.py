"""The columnar backend: one operation of the core is one operation on a whole column of records."""
