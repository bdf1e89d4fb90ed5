"""Which mails must be sent: about alerts, weeks and conditions? Stored as notices, then sent."""
