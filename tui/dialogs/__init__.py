"""Forms and questions: each a modal screen that dismisses a value; the caller acts."""
