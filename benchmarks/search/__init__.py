"""Search as it answers over HTTP, beside a null view, plain SQL and another engine, in one run."""
