"""Messages → transactions → dialogs, calls, subscriptions, registrations (RFC 3261, 6665)."""
