"""The field functions, one module per subject; `annotate.fields` finds them by itself."""
