"""Tables as they come: bytes, characters, fields and columns become records, every fault with its row."""
