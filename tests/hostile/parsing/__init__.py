"""Our own parsers, fed with any bytes."""
