"""Rules → findings and their words: what every 204 and 603 means, in each language."""
