"""What do the mails say? One module a mail, or a part of one."""
