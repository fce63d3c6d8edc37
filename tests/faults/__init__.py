"""What may befall a run: killed, no room, no right to write, no network, another clock. ``make faults`` does it all."""
