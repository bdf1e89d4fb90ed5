"""What do the grades mean? One line at the end of a mail sums up `docs/landing-rules.md`."""

GRADES = (
    "Grades: confirmed = heard slow or braking on the ground at that airfield more than once, "
    "after an approach that fits or for some minutes; probable = the evidence strongly favours "
    "that airfield; possible = weaker evidence, counted only if the watch says so; undetermined = "
    "it landed, but at which of several airfields is not known."
)
