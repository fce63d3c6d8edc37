"""Hostile visitors, files and neighbours: more than a thousand cases by three doors, and a judge of the answers."""
