"""How did the database come to have the tables that it has? One migration a module."""
