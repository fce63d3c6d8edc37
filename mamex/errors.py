"""Errors that a person can act on.

Each message is one clear sentence that says what to do. The command line and the app print the message and nothing
else; a traceback therefore always means a fault of ours, never of the user's input.
"""


class MamexError(Exception):
    """Base of every error whose message is meant for the user."""


class ConfigError(MamexError):
    """An unknown setting, or a value that a setting can't take."""


class DatasetError(MamexError):
    """A dataset folder that can't be used as it is."""


class ArchiveError(MamexError):
    """A zip file that can't be unpacked safely."""


class PictureError(MamexError):
    """A picture that can't be read, or that is too large to read safely."""


class EncoderError(MamexError):
    """An encoder that isn't available, or that doesn't match what a checkpoint was trained with."""


class CheckpointError(MamexError):
    """A checkpoint folder that is damaged, foreign, or written by a newer version."""


class StorageError(MamexError, OSError):
    """A file that can't be written: a read-only folder, a full disk; also an OSError, for whoever expects that."""


class BenchmarkError(MamexError):
    """A benchmark that can't be run as asked, or whose folder is damaged."""


class SourceError(MamexError):
    """Public data that is missing, damaged, of another layout, or can't be fetched."""


class BatchError(MamexError):
    """A file of planned products that can't be used at all."""


class LaunchError(MamexError):
    """A planned product that can't be scored, for example one with neither picture nor words."""
