"""Names across files become symbols and a call graph.  networkx ends here."""
