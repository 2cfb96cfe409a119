"""From findings to decisions: who gets the parameter, who fetches, what is refused."""
