"""The rules of the game as plain functions: they need the application's context and no request."""
