"""What stands between the network and the page: who may come in, from where, how often and with how much."""
