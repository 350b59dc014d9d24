"""One file or folder per connector: what an organisation already has, turned into facts."""
