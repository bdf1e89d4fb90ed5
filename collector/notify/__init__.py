"""Who must be told of what: alerts, digests, conditions, and mails on their way out?"""
