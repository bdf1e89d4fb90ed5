"""What does an evidence pack say in words, for people, and in JSON, for programs?"""
