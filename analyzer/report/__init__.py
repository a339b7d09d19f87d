"""What is said about a trace, whatever it is printed as."""
