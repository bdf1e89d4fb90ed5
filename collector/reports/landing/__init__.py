"""What can be written about one landing? Each module writes one part of the account."""
