"""Two recordings of one scenario, compared."""
