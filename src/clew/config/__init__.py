"""clew.toml and the shipped profiles become `Settings`."""
