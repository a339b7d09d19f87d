"""Rules and registries → pages that a person looks things up in: `sipwhy explain`, `compare`."""
