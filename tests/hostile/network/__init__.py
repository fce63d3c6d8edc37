"""Cases that come over the network: by HTTP and by the tools for agents."""
