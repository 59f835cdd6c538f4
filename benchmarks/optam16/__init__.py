"""The workload `optam-16`: sixteen rules, seeded records, and the answers by hand."""
