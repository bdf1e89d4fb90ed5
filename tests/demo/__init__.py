"""Does the demo show all that it names, and nothing that could be taken for real?"""
