"""What do the mails say? Each module writes one mail, or one part of a mail."""
