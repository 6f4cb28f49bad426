"""Typed values: pitfall, occurrence, environment, fix; vocabulary, versions, verdicts."""
