"""What is shown: text for people, JSON for programs."""
