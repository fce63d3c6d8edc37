"""How cases are performed: by the command line and the library in forks, by HTTP and MCP on a page of their own."""
