"""How does a message leave: to a mail server, or to a folder of `.eml` files?"""
