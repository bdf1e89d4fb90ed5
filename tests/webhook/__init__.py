"""Does a webhook get each notice, signed, however the receiver fails?"""
