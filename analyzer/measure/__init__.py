"""Tables → measures: outcomes of calls, times, with the definitions of RFC 6076."""
