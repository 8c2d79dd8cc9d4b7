"""Tables, comparisons and pages of results."""
