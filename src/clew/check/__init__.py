"""Find fetches and sandwiches that were not there before: for hooks and CI, quick enough for every commit."""
