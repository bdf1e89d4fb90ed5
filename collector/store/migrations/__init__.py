"""How did the database get its tables? One SQL file for each migration, run in order."""
