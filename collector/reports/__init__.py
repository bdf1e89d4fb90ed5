"""How is it told? Data in, mails, texts and tables out; pure, like everything before it."""
