"""Headers between the link and the network layer, and tunnels."""
