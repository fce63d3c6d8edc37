"""Cases that come by the command line and the library."""
