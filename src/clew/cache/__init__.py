"""Remember what was computed from a text, by the hash of its content.  sqlite3 ends here."""
