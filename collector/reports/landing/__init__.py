"""What is there to tell of one landing?"""
