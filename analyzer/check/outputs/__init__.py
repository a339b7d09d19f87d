"""How a check is said: text, JUnit XML, SARIF, GitHub's commands, JSON; one module each."""
